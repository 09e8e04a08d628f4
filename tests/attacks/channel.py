"""Answers that write to the channel themselves, or live on after their call.

`{channel}` stands for `CHANNEL`, which finds the way back and its token in memory.
"""

CHANNEL = """
import gc, os
def channel():
    return next(x for x in gc.get_objects() if type(x).__name__ == "Channel")
def reply(value, sizes="[]", data=b""):
    mine = channel()
    said = '["dict","value",["tuple",' + value + ',["list"]],"printed",""]'
    text = ('[["list","' + mine._token + '",' + said + '],' + sizes + ']').encode()
    os.set_blocking(mine._write, True)
    os.write(mine._write, len(text).to_bytes(4, "little") + text + data)
    os._exit(0)
"""

ATTACKS: dict[str, dict[str, str]] = {
    "Forged replies": {
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
        "a reply with a guessed token": """
            import os
            def double(xs):
                said = '["dict","value",["list",2,4,6],"printed",""]'
                text = ('[["list","' + "0" * 16 + '",' + said + '],[]]').encode()
                for fd in range(3, 64):
                    try:
                        os.write(fd, len(text).to_bytes(4, "little") + text)
                    except OSError:
                        pass
                return []
        """,
        "a reply with the token from memory": """
            {channel}

            def double(xs):
                reply('["list",2,4,6]')
        """,
        "replies out of order": """
            {channel}

            old = []
            def double(xs):
                mine = channel()
                old.append(mine._token)
                mine._token = old[0]
                return [2, 4, 6]
        """,
        "a reply one byte at a time": """
            {channel}

            import time
            def double(xs):
                mine = channel()
                for _ in range(1_000):
                    os.write(mine._write, b"\\x01")
                    time.sleep(0.01)
        """,
        "reads its own questions": """
            {channel}

            def double(xs):
                mine = channel()
                os.set_blocking(mine._read, False)
                try:
                    print(os.read(mine._read, 10_000))
                except BlockingIOError:
                    pass
                return []
        """,
        "the channel turned around": """
            {channel}

            def double(xs):
                mine = channel()
                os.dup2(mine._read, mine._write)
                return []
        """,
    },
    "Shapes that lie": {
        "an endless answer": """
            import itertools
            def double(xs):
                return itertools.count()
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
        "an array larger than its bytes": """
            {channel}
            def double(xs):
                reply('["array","<f8",1000000000]', "[8]", bytes(8))
        """,
        "an array of length 0 and without an end": """
            {channel}
            def double(xs):
                reply('["array","<f8",0,1000000000000000]', "[0]")
        """,
        "an array of negative length": """
            {channel}
            def double(xs):
                reply('["array","<f8",-1]', "[8]", bytes(8))
        """,
        "an array of Python objects": """
            {channel}
            def double(xs):
                reply('["array","|O",1]', "[8]", bytes(8))
        """,
        "a tensor where nobody knows torch": """
            {channel}
            def double(xs):
                reply('["tensor","float64",3]', "[24]", bytes(24))
        """,
        "an object that nobody kept": """
            {channel}
            def double(xs):
                reply('["ref",9007199254740991,"function","double"]')
        """,
        "an object of an unknown kind": """
            {channel}
            def double(xs):
                reply('["ref",0,"known","builtins.eval"]')
        """,
        "brackets without an end": """
            {channel}
            def double(xs):
                reply("[" * 100_000)
        """,
        "a number of a million digits, in hexadecimal": """
            {channel}
            def double(xs):
                reply('["int","' + 'f' * 1_000_000 + '"]')
        """,
        "keys that get in each other's way": """
            {channel}
            def double(xs):
                keys = (str(k * (2**61 - 1)) for k in range(4))
                many = (f'["int","{k * (2**61 - 1):x}"]' for k in range(9, 50_000))
                reply('["set",' + ','.join(many) + ']')
        """,
        "not a number, as JSON writes it": """
            {channel}
            def double(xs):
                reply('NaN')
        """,
        "a reply with one key twice": """
            {channel}
            def double(xs):
                reply('1,["list"]],"value",["tuple",["list",2,4,6]')
        """,
        "a text that is no Unicode": """
            {channel}
            def double(xs):
                reply('["str"]', "[4]", bytes([255, 254, 0, 237]))
        """,
        "a callback that there is not": """
            {channel}

            def double(xs):
                mine = channel()
                said = '["dict","callback",0,"inputs",["list"],"named",["dict"]]'
                text = ('[["list","' + mine._token + '",' + said + '],[]]').encode()
                for _ in range(50):
                    os.write(mine._write, len(text).to_bytes(4, "little") + text)
                return []
        """,
        "an exception that is no Exception": """
            {channel}

            def double(xs):
                mine = channel()
                kin = '"kinds",["list","builtins.SystemExit"],"classes",["list"]'
                said = '["dict","raised",["dict",' + kin + ','
                said += '"text","passed","trace",""]]'
                text = ('[["list","' + mine._token + '",' + said + '],[]]').encode()
                os.write(mine._write, len(text).to_bytes(4, "little") + text)
                os._exit(0)
        """,
    },
    "Threads, forks and daemons": {
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
        "a thread that writes a forged reply later": """
            import os, threading, time
            def forge():
                said = b'[["list","",["dict","value",["list",2,4,6],"printed",""]],[]]'
                for _ in range(40):
                    time.sleep(0.01)
                    for fd in range(3, 32):
                        try:
                            os.write(fd, len(said).to_bytes(4, "little") + said)
                        except OSError:
                            pass
            threading.Thread(target=forge, daemon=True).start()
            def double(xs):
                import time
                time.sleep(0.2)
                return []
        """,
        "a fork that replies in place of its parent": """
            import os, time
            def double(xs):
                if os.fork() == 0:
                    return [2, 4, 6]
                time.sleep(0.3)
                return []
        """,
        "a fork that goes on with an older token": """
            import os, time
            def double(xs):
                if os.fork() == 0:
                    time.sleep(0.05)
                return [2, 4, 6]
        """,
        "an alarm that raises in the middle": """
            import signal
            class Passed(BaseException):
                pass
            def ring(number, frame):
                raise Passed
            signal.signal(signal.SIGALRM, ring)
            def double(xs):
                signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
                return []
        """,
        "a daemon that changes the gradebook later": """
            import os, pathlib, sqlite3, time
            def double(xs):
                if os.fork() == 0:
                    os.setsid()
                    for _ in range(30):
                        time.sleep(0.1)
                        for up in pathlib.Path.cwd().parents:
                            if (up / "gradebook.db").exists():
                                book = sqlite3.connect(up / "gradebook.db")
                                book.execute("UPDATE grade SET auto_score = max_score")
                                book.commit()
                    os._exit(0)
                return []
        """,
    },
}
