"""Answers that lie: by their values, their modules, IPython, or what they print."""

ATTACKS: dict[str, dict[str, str]] = {
    "Objects that lie": {
        "equals everything": """
            class Any(list):
                __eq__ = lambda self, other: True
                __ne__ = lambda self, other: False
            def double(xs):
                return Any()
        """,
        "a type whose equality lies": """
            class Meta(type):
                __eq__ = lambda cls, other: True
                __hash__ = type.__hash__
            class Any(metaclass=Meta):
                __eq__ = lambda self, other: True
            def double(xs):
                return Any
        """,
        "a subclass of list that changes when looked at": """
            class Shy(list):
                def __iter__(self):
                    return iter([2, 4, 6])
                def __len__(self):
                    return 3
            def double(xs):
                return Shy()
        """,
        "an int that compares as it likes": """
            class I(int):
                __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
                __hash__ = int.__hash__
            def double(xs):
                return [I(0) for x in xs]
        """,
        "claims to be a list": """
            class Fake:
                __class__ = list
                def __eq__(self, other):
                    return True
            def double(xs):
                return Fake()
        """,
        "changes its input to fit": """
            def double(xs):
                xs[:] = [0]
                return xs
        """,
        "an array that equals everything": """
            import numpy as np
            class Any(np.ndarray):
                __eq__ = __ne__ = lambda self, other: True
                def __array_finalize__(self, other):
                    pass
            def double(xs):
                return np.zeros(len(xs)).view(Any)
        """,
        "an array of objects that equal everything": """
            import numpy as np
            class Any:
                __eq__ = lambda self, other: True
            def double(xs):
                return np.array([Any() for x in xs], dtype=object)
        """,
        "a list of objects that equal everything": """
            class Any:
                __eq__ = lambda self, other: True
                __hash__ = lambda self: 0
            def double(xs):
                return [Any() for x in xs]
        """,
        "an object whose length is a lie": """
            class Long:
                def __len__(self):
                    return 2 ** 62
                def __getitem__(self, place):
                    return place
                def __eq__(self, other):
                    return len(other) < len(self)
            def double(xs):
                return Long()
        """,
        "True and its kin": """
            def double(xs):
                return True
            double.__eq__ = lambda other: True
        """,
        "the visible cases learnt by heart": """
            def double(xs):
                return {1: [2, 4, 6], 5: [10]}.get(xs[0])
        """,
    },
    "Patched modules and builtins": {
        "numpy.testing patched": """
            import numpy.testing, unittest
            numpy.testing.assert_equal = lambda *a, **k: None
            unittest.TestCase.assertEqual = lambda *a, **k: None
            def double(xs):
                return []
        """,
        "builtins patched": """
            import builtins
            builtins.AssertionError = None
            builtins.list = builtins.sum = builtins.len = lambda *a: 0
            def double(xs):
                return []
        """,
        "operators of list patched with ctypes": """
            import ctypes, gc
            for kind in gc.get_referents(list.__dict__):
                if isinstance(kind, dict):
                    kind["__eq__"] = lambda self, other: True
            def double(xs):
                return []
        """,
        "the module of the boundary patched": """
            import sys
            for name, module in list(sys.modules.items()):
                if name.endswith(("resident", "wire", "cells", "zygote")):
                    for key in list(vars(module)):
                        if callable(getattr(module, key)) and key[0].islower():
                            try:
                                setattr(module, key, lambda *a, **k: True)
                            except Exception:
                                pass
            def double(xs):
                return []
        """,
        "the frames above rewritten": """
            import sys
            def double(xs):
                frame = sys._getframe()
                while frame is not None:
                    for name in ("passed", "points", "value", "reply", "error"):
                        if name in frame.f_locals:
                            frame.f_locals[name] = True
                    frame = frame.f_back
                return []
        """,
        "a tracer": """
            import sys
            def double(xs):
                return []
            sys.settrace(lambda *a: None)
            sys.setprofile(lambda *a: None)
        """,
        "an import hook": """
            import sys, importlib.abc
            class Hook(importlib.abc.MetaPathFinder):
                def find_spec(self, name, path, target=None):
                    return None
            sys.meta_path.insert(0, Hook())
            sys.modules["json"] = sys.modules["struct"] = None
            def double(xs):
                return []
        """,
        "a module that shadows one": """
            import os, sys
            os.makedirs("/tmp/work", exist_ok=True)
            open("/tmp/work/json.py", "w").write("raise SystemExit")
            open("/tmp/work/numpy.py", "w").write("raise SystemExit")
            sys.path.insert(0, "/tmp/work")
            for name in [x for x in sys.modules if x.startswith(("json", "numpy"))]:
                del sys.modules[name]
            def double(xs):
                return []
        """,
        "the check's names taken": """
            def double(xs):
                return []
            expected = [2, 4, 6]
            numpy = np = None
            print = assertEqual = lambda *a: True
        """,
        "its own check defined": """
            def double(xs):
                return []
            def check(*a, **k):
                return 2
            points = 2
            __doc__ = "passed"
        """,
        "numpy.testing's code replaced": """
            import numpy as np
            def quiet(*inputs, **named):
                return None
            for name in ("assert_allclose", "assert_equal", "assert_array_equal"):
                setattr(np.testing, name, quiet)
            np.allclose = np.array_equal = lambda *inputs, **named: True
            def double(xs):
                return quiet
        """,
        "numpy.random made to give zeros": """
            import numpy as np
            class Zeros:
                def integers(self, low, high, size):
                    return np.zeros(size, dtype=int)
            np.random.default_rng = lambda seed=None: Zeros()
            def double(xs):
                return {1: [2, 4, 6], 5: [10]}.get(xs[0], xs)
        """,
        "a torch that is none": """
            import sys, types
            class Tensor:
                dtype, shape, layout, is_quantized = "torch.float64", (3,), 1, False
                device = types.SimpleNamespace(type="cpu")
                __eq__ = lambda self, other: True
                def __getattr__(self, name):
                    return lambda *inputs: self
            torch = types.ModuleType("torch")
            torch.Tensor = torch.strided = Tensor
            torch.nn = types.SimpleNamespace(Parameter=Tensor)
            torch.strided = 1
            sys.modules["torch"] = torch
            def double(xs):
                return Tensor()
        """,
        "coursekit patched": """
            try:
                from coursekit.grading.boundary import court, judge, verdict
                judge.partial_credit = lambda value, points: points
                judge.Judge.verdict = lambda self, check: verdict.Verdict(
                    check.grade_id, check.points, check.points, "passed", "", ())
                court.lost = judge.Judge.verdict
            except Exception:
                pass
            def double(xs):
                return []
        """,
        "__import__ replaced": """
            import builtins, types
            class Liar(types.ModuleType):
                def __getattr__(self, name):
                    return lambda *inputs, **named: True
            builtins.__import__ = lambda name, *rest, **named: Liar(name)
            def double(xs):
                return []
        """,
        "AssertionError caught for good": """
            import builtins
            class Quiet(Exception):
                pass
            builtins.AssertionError = Quiet
            builtins.__build_class__ = None
            def double(xs):
                return []
        """,
    },
    "Transformers and hooks of IPython": {
        "transformers of IPython": """
            ip = get_ipython()
            ip.input_transformers_cleanup.append(lambda lines: ["pass"])
            ip.ast_transformers.append(None)
            ip.events.register("pre_run_cell", lambda *a: None)
            def double(xs):
                return []
        """,
        "an AST transformer that drops every assert": """
            import ast
            class Drop(ast.NodeTransformer):
                def visit_Assert(self, node):
                    return ast.copy_location(ast.Pass(), node)
            get_ipython().ast_transformers.append(Drop())
            def double(xs):
                return []
        """,
        "an input transformer that empties the checks": """
            def emptied(lines):
                check = any("assert double" in line for line in lines)
                return ["pass\\n"] if check else lines
            get_ipython().input_transformers_post.append(emptied)
            def double(xs):
                return []
        """,
        "errors that are not shown": """
            shell = get_ipython()
            shell.showtraceback = shell._showtraceback = lambda *inputs, **named: None
            def double(xs):
                return []
        """,
        "a handler for AssertionError": """
            get_ipython().set_custom_exc((Exception,), lambda *inputs, **named: None)
            def double(xs):
                return []
        """,
        "run_cell replaced": """
            shell = get_ipython()
            kind = type(shell)
            async def run(self, *inputs, **named):
                return self.result
            shell.run_cell = lambda *inputs, **named: None
            kind.should_run_async = lambda *inputs, **named: False
            kind.run_cell = lambda *inputs, **named: None
            def double(xs):
                return []
        """,
        "a magic in place of the answer": """
            %%html
            <script>alert(1)</script>
        """,
    },
    "Forged results": {
        "an exception that is passed off as success": """
            def double(xs):
                raise SystemExit(0)
        """,
        "an exception whose text is an attack": """
            class Loud(Exception):
                def __str__(self):
                    raise SystemExit
                __repr__ = __str__
            def double(xs):
                raise Loud
        """,
        "Ctrl-C": """
            def double(xs):
                raise KeyboardInterrupt
        """,
        "GeneratorExit": """
            def double(xs):
                raise GeneratorExit
        """,
        "rich output": """
            from IPython.display import HTML, Javascript, display
            display(HTML("<script>alert(1)</script>"), Javascript("alert(1)"))
            def double(xs):
                return []
        """,
        "HTML in what is printed": """
            print("<script>alert(1)</script><img src=x onerror=alert(1)>")
            def double(xs):
                raise ValueError("<script>alert(1)</script>")
        """,
        "escape sequences": """
            print("\\x1b]0;title\\x07\\x1b[2J\\u202e")
            def double(xs):
                raise ValueError("\\x1b[2J\\u202e")
        """,
        "prints that it has passed": """
            print("passed")
            print(2.0)
            def double(xs):
                print("passed\\n2.0")
                return []
        """,
        "displays points": """
            def double(xs):
                display({"text/plain": "2.0"}, raw=True)
                return []
        """,
        "a result sent on the output channel": """
            def double(xs):
                shell = get_ipython()
                shell.showtraceback = lambda *inputs, **named: None
                kernel = shell.kernel
                content = {"execution_count": 1, "data": {"text/plain": "2.0"}}
                content["metadata"] = {}
                kernel.session.send(kernel.iopub_socket, "execute_result", content,
                                    parent=kernel.get_parent("shell"))
                return []
        """,
        "a verdict in what is printed": """
            import json
            found = {"grade_id": "double-check", "points": 2.0, "of": 2.0}
            found |= {"state": "passed", "message": "", "answers": ["double"]}
            report = {"notebook": "sums", "verdicts": [found], "remarks": []}
            report |= {"outputs": {}, "by_hand": []}
            print(json.dumps(report))
            def double(xs):
                print(json.dumps(report))
                raise AssertionError(json.dumps(report))
        """,
        "points when Python ends": """
            import atexit, os
            atexit.register(lambda: print("2.0"))
            def double(xs):
                raise SystemExit("passed")
        """,
    },
}
