"""The first sign-in of a day waits for no import: the sign-in page had them made meanwhile, in small steps."""

import json
import subprocess
import sys

_PROGRAM = """
import gc, json, sys, time
gc.disable()  # as the desk's own collector does before anything else
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
application = QApplication([])
import clinicdesk.desk.application, clinicdesk.usecases.door, clinicdesk.usecases.place  # which opening takes
from clinicdesk.desk.warming import STEPS, Warming
assert STEPS[-1] not in sys.modules
warming = Warming()
plain, taken = warming._step, []
def step():
    began = time.thread_time()
    plain()
    taken.append(time.thread_time() - began)
warming._timer.timeout.disconnect()
warming._timer.timeout.connect(step)
warming.begin()
while not warming.done:
    application.processEvents()
warming.begin()
before = set(sys.modules)
import clinicdesk.desk.workspace
json.dump({"taken": taken, "left": sorted(set(sys.modules) - before)}, sys.stdout)
"""


def test_a_desk_is_made_of_what_is_there_already_and_no_step_is_felt() -> None:
    told = json.loads(subprocess.run([sys.executable, "-c", _PROGRAM], stdout=subprocess.PIPE, check=True).stdout)
    assert told["left"] == []
    assert max(told["taken"]) < 0.25, told["taken"]  # of the processor, on a machine that does other things besides
