"""Attacks: what stands in an answer's cell to earn points that are not deserved.

Each is the answer to the exercise `double`, which none of them solves. A name says what
is tried; `{secret}` is a file that nobody but the grader may read.
"""

ATTACKS = {
    # Objects that lie
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
    # Modules and builtins made to lie
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
    "transformers of IPython": """
        ip = get_ipython()
        ip.input_transformers_cleanup.append(lambda lines: ["pass"])
        ip.ast_transformers.append(None)
        ip.events.register("pre_run_cell", lambda *a: None)
        def double(xs):
            return []
    """,
    # Names of the check
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
    # The way back: forged, late, too much
    "a forged reply on every file": """
        import os
        def double(xs):
            text = b'[["dict","value",["list",2,4,6],"printed",""],[]]'
            frame = len(text).to_bytes(4, "little") + text
            for fd in range(3, 64):
                try:
                    os.write(fd, frame)
                except OSError:
                    pass
            return []
    """,
    "a forged reply and the end": """
        import os
        def double(xs):
            text = b'[["dict","value",["list",2,4,6],"printed",""],[]]'
            for fd in range(3, 64):
                try:
                    os.write(fd, len(text).to_bytes(4, "little") + text)
                except OSError:
                    pass
            os._exit(0)
    """,
    "two replies for one question": """
        import os
        text = b'[["dict","value",["list",2,4,6],"printed",""],[]]'
        for fd in range(3, 64):
            try:
                os.write(fd, (len(text).to_bytes(4, "little") + text) * 3)
            except OSError:
                pass
        def double(xs):
            return []
    """,
    "a frame of no size": """
        import os
        def double(xs):
            for fd in range(3, 64):
                try:
                    os.write(fd, b"\\xff\\xff\\xff\\xff")
                except OSError:
                    pass
            return []
    """,
    "noise on every file": """
        import os
        def double(xs):
            for fd in range(3, 64):
                try:
                    os.write(fd, os.urandom(60))
                except OSError:
                    pass
            return []
    """,
    "every file closed": """
        import os
        def double(xs):
            os.closerange(0, 256)
            return []
    """,
    "an endless answer": """
        import itertools
        def double(xs):
            return itertools.count()
    """,
    "an endless list": """
        def double(xs):
            found = []
            while True:
                found.append(found)
    """,
    "a list that holds itself": """
        def double(xs):
            found = []
            found.append(found)
            return found
    """,
    "a very long answer": """
        def double(xs):
            return list(range(3_000_000))
    """,
    "a number of a million digits": """
        def double(xs):
            return [10 ** 1_000_000]
    """,
    "an exception whose text is an attack": """
        class Loud(Exception):
            def __str__(self):
                raise SystemExit
            __repr__ = __str__
        def double(xs):
            raise Loud
    """,
    "an exception that is passed off as success": """
        def double(xs):
            raise SystemExit(0)
    """,
    "Ctrl-C": """
        def double(xs):
            raise KeyboardInterrupt
    """,
    "GeneratorExit": """
        def double(xs):
            raise GeneratorExit
    """,
    "ends the process": """
        import os
        def double(xs):
            os._exit(0)
    """,
    "ends the process in its cell": """
        import os
        os._exit(0)
        def double(xs):
            return []
    """,
    "kills itself": """
        import os, signal
        def double(xs):
            os.kill(os.getpid(), signal.SIGKILL)
    """,
    "kills everybody": """
        import os, signal
        def double(xs):
            for pid in range(2, 5_000):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            os.kill(-1, signal.SIGKILL)
            return []
    """,
    "a segmentation fault": """
        import ctypes
        def double(xs):
            return ctypes.string_at(0)
    """,
    "a stack overflow": """
        import sys
        def double(xs):
            sys.setrecursionlimit(10 ** 9)
            def f(n):
                return f(n + 1) + 1
            return f(0)
    """,
    "never ends": """
        def double(xs):
            while True:
                pass
    """,
    "never ends in its cell": """
        while True:
            pass
        def double(xs):
            return []
    """,
    "sleeps": """
        import time
        def double(xs):
            time.sleep(10_000)
    """,
    "stops itself": """
        import os, signal
        def double(xs):
            os.kill(os.getpid(), signal.SIGSTOP)
            return []
    """,
    "all the memory": """
        def double(xs):
            found = []
            while True:
                found.append(bytearray(50_000_000))
    """,
    "many processes": """
        import os
        def double(xs):
            for _ in range(10_000):
                try:
                    if os.fork() == 0:
                        while True:
                            pass
                except OSError:
                    pass
            return []
    """,
    "many threads": """
        import threading, time
        def double(xs):
            for _ in range(10_000):
                try:
                    threading.Thread(target=time.sleep, args=(1_000,)).start()
                except RuntimeError:
                    pass
            return []
    """,
    "a thread that outlives the call": """
        import threading, time
        def go_on():
            global double
            time.sleep(0.05)
            double = lambda xs: [2 * x for x in []]
        threading.Thread(target=go_on).start()
        def double(xs):
            return []
    """,
    "a daemon": """
        import os, time
        def double(xs):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(1_000)
                os._exit(0)
            return []
    """,
    "a flood of words": """
        def double(xs):
            while True:
                print("x" * 100_000)
    """,
    "a flood on the error stream": """
        import os
        def double(xs):
            for _ in range(2_000):
                os.write(2, b"x" * 100_000)
            return []
    """,
    "a huge file": """
        def double(xs):
            with open("/tmp/huge", "wb") as file:
                while True:
                    file.write(b"x" * 1_000_000)
    """,
    "many files": """
        def double(xs):
            for number in range(1_000_000):
                open(f"/tmp/{number}", "w").close()
            return []
    """,
    # What is not theirs to read or write
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
    # What is shown to people
    "HTML in what is printed": """
        print("<script>alert(1)</script><img src=x onerror=alert(1)>")
        def double(xs):
            raise ValueError("<script>alert(1)</script>")
    """,
    "rich output": """
        from IPython.display import HTML, Javascript, display
        display(HTML("<script>alert(1)</script>"), Javascript("alert(1)"))
        def double(xs):
            return []
    """,
    "escape sequences": """
        print("\\x1b]0;title\\x07\\x1b[2J\\u202e")
        def double(xs):
            raise ValueError("\\x1b[2J\\u202e")
    """,
}

# These spoil the room for the answers that their author has written below.
OWN_HARM = {
    "the check's names taken",
    "a forged reply on every file",
    "a forged reply and the end",
    "two replies for one question",
}
