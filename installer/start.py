"""Where the folder application begins. It stands in for Python where the app starts itself anew (`bench`, `doctor`)."""

import multiprocessing
import sys

from app.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    match sys.argv[1:3]:
        case ["-c", program]:
            del sys.argv[1:3]
            exec(program)
            sys.exit()
        case ["-m", "app"]:
            del sys.argv[1:3]
    sys.exit(main())
