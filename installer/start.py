"""The entry point of the folder application. It also replaces Python where the app starts itself again (`bench`,
`doctor`)."""

import multiprocessing
import sys

from app.__main__ import program

if __name__ == "__main__":
    multiprocessing.freeze_support()
    match sys.argv[1:3]:
        case ["-c", code]:
            del sys.argv[1:3]
            exec(code)
            sys.exit()
        case ["-m", "app"]:
            del sys.argv[1:3]
    program()
