"""Answers that look for what they may not see, change it, or get out."""

ATTACKS: dict[str, dict[str, str]] = {
    "Expected values and hidden seeds": {
        "the expected value out of the check's frame": """
            import ast, sys
            def double(xs):
                frame = sys._getframe(1)
                tree = ast.parse(get_ipython().user_ns["In"][-1])
                for node in ast.walk(tree):
                    here = getattr(node, "lineno", 0) == frame.f_lineno
                    if here and isinstance(node, ast.Compare):
                        right = ast.Expression(node.comparators[0])
                        wanted = compile(right, "", "eval")
                        return eval(wanted, frame.f_globals, dict(frame.f_locals))
                return []
        """,
        "the expected value among the check's constants": """
            import sys
            def double(xs):
                for constant in sys._getframe(1).f_code.co_consts:
                    if type(constant) is tuple and constant != tuple(xs):
                        if len(constant) == len(xs):
                            return list(constant)
                return []
        """,
        "the expected value among all objects": """
            import gc
            def double(xs):
                lists = [x for x in gc.get_objects() if type(x) is list]
                for found in [x for x in lists if len(x) == len(xs)]:
                    try:
                        if all(b == 2 * a for a, b in zip(xs, found)):
                            return found
                    except Exception:
                        pass
                return []
        """,
        "the check's own words in a stack trace": """
            import traceback
            def double(xs):
                print("".join(traceback.format_stack()))
                return []
        """,
        "its own memory read through /proc": """
            import re
            def double(xs):
                maps = open("/proc/self/maps").readlines()
                with open("/proc/self/mem", "rb") as memory:
                    for line in maps:
                        ends = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                        if ends:
                            start, end = (int(x, 16) for x in ends.groups())
                            try:
                                memory.seek(start)
                                found = re.search(rb"do not tell[: 0-9]+",
                                                  memory.read(end - start))
                            except (OSError, ValueError, OverflowError, MemoryError):
                                continue
                            if found:
                                print("a hit")
                return []
        """,
        "the secret of the hidden seeds": """
            import os
            def double(xs):
                print(os.environ.get("COURSEKIT_SECRET"))
                try:
                    from coursekit.grading import hidden
                    print(hidden.secret(), hidden.SECRET_FILE.read_text())
                except Exception as error:
                    print(type(error))
                return []
        """,
        "the hidden seed by trying all": """
            import numpy as np
            def double(xs):
                for seed in range(3_000):
                    drawn = np.random.default_rng(seed).integers(10, 1000, 4)
                    if drawn.tolist() == list(xs):
                        print("SEED", seed)
                return []
        """,
        "arguments of the processes above": """
            import glob
            def double(xs):
                for path in glob.glob("/proc/[0-9]*/cmdline"):
                    try:
                        text = open(path).read()
                    except OSError:
                        continue
                    if "coursekit" in text and "grade" in text:
                        print("a hit", len(text))
                return []
        """,
    },
    "Files of others": {
        "reads the secret": """
            def double(xs):
                return open("{secret}").read()
        """,
        "looks for the secret everywhere": """
            import os
            def double(xs):
                found = []
                for folder, _, files in os.walk("/"):
                    if folder.startswith(("/proc", "/sys", "/usr")):
                        continue
                    for name in files:
                        path = os.path.join(folder, name)
                        try:
                            text = open(path, errors="replace").read(200)
                        except OSError:
                            continue
                        if "do not tell" in text:
                            found.append(text)
                print(found)
                return found
        """,
        "reads the solution": """
            import glob
            def double(xs):
                paths = glob.glob("/**/source/**/*.ipynb", recursive=True)
                print([open(path).read()[:500] for path in paths])
                return []
        """,
        "reads the environment of others": """
            import glob
            def double(xs):
                for path in glob.glob("/proc/[0-9]*/environ"):
                    try:
                        print(open(path).read())
                    except OSError:
                        pass
                return []
        """,
        "reads the memory of others": """
            import glob
            def double(xs):
                for path in glob.glob("/proc/[0-9]*/mem"):
                    try:
                        print(open(path, "rb").read(10))
                    except OSError:
                        pass
                return []
        """,
        "reads shadow": """
            def double(xs):
                print(open("/etc/shadow").read())
                return []
        """,
        "writes over Python": """
            import sys, numpy
            def double(xs):
                for path in (numpy.__file__, sys.executable, "/etc/passwd"):
                    try:
                        open(path, "a").write("# written")
                        print("WRITTEN")
                    except OSError:
                        pass
                return []
        """,
        "changes the gradebook": """
            import pathlib, sqlite3
            def double(xs):
                for up in pathlib.Path.cwd().parents:
                    if (up / "gradebook.db").exists():
                        with sqlite3.connect(up / "gradebook.db") as book:
                            book.execute("UPDATE grade SET manual_score = 100")
                        print("WRITTEN")
                return []
        """,
        "changes what others have handed in": """
            import pathlib
            def double(xs):
                for up in pathlib.Path.cwd().parents:
                    for path in up.glob("submitted/*/*/*.ipynb"):
                        path.write_text("{}")
                        print("WRITTEN")
                return []
        """,
        "changes the settings of nbgrader": """
            import pathlib
            def double(xs):
                for up in pathlib.Path.cwd().parents:
                    path = up / "nbgrader_config.py"
                    if path.exists():
                        path.write_text(path.read_text() + "\\nprint('mine')\\n")
                        print("WRITTEN")
                return []
        """,
        "leaves a link to the secret behind": """
            import os
            def double(xs):
                os.symlink("{secret}", "answer.txt")
                print(open("answer.txt").read())
                return []
        """,
        "looks through the root of other processes": """
            import glob
            def double(xs):
                for root in glob.glob("/proc/[0-9]*/root"):
                    try:
                        print(open(root + "{secret}").read())
                    except OSError:
                        pass
                return []
        """,
        "looks at what other processes have open": """
            import glob, os
            def double(xs):
                for path in glob.glob("/proc/[0-9]*/fd/*"):
                    try:
                        if os.path.isfile(path):
                            print(open(path, errors="replace").read(1_000))
                    except OSError:
                        pass
                return []
        """,
    },
    "Ways out": {
        "the network": """
            import socket
            def double(xs):
                for where in [("1.1.1.1", 80), ("127.0.0.1", 22)]:
                    try:
                        socket.create_connection(where, timeout=2)
                        print("CONNECTED")
                    except OSError:
                        pass
                return []
        """,
        "a socket of the system": """
            import socket, glob
            def double(xs):
                for path in glob.glob("/run/**", recursive=True):
                    try:
                        socket.socket(socket.AF_UNIX).connect(path)
                        print("CONNECTED")
                    except OSError:
                        pass
                return []
        """,
        "new namespaces": """
            import ctypes
            def double(xs):
                libc = ctypes.CDLL(None)
                if libc.unshare(0x10000000 | 0x20000) == 0:
                    print("UNSHARED")
                if libc.mount(b"tmpfs", b"/usr", b"tmpfs", 0, None) == 0:
                    print("MOUNTED")
                return []
        """,
        "another user": """
            import os
            def double(xs):
                for change in (os.setuid, os.setgid):
                    try:
                        change(0)
                        print("CHANGED")
                    except OSError:
                        pass
                return []
        """,
        "traces the process above": """
            import ctypes, os
            def double(xs):
                libc = ctypes.CDLL(None)
                for pid in range(1, 50):
                    if pid != os.getpid() and libc.ptrace(16, pid, 0, 0) == 0:
                        print("ATTACHED")
                return []
        """,
    },
}
