"""The book: the lessons as a web site, with the outputs of a complete run.

`content` makes a page of a lesson, `outputs` what its cells show, `words` its links;
`front`, `beside` and `map` make the other pages, and `site` has Sphinx print them all.
`links` walks over what came out.
"""
