"""Answers that end, never end, or take all there is."""

ATTACKS: dict[str, dict[str, str]] = {
    "Ends and loops": {
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
    },
    "Memory, floods and files": {
        "all the memory": """
            def double(xs):
                found = []
                while True:
                    found.append(bytearray(50_000_000))
        """,
        "an endless list": """
            def double(xs):
                found = []
                while True:
                    found.append(found)
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
    },
}
