"""What a function compiles from text when it starts, compiled by the build: ``functions/aws_lambda/compiled_ahead.py``
takes it from there.

A process of the target's Python loads what the function loads before its first answer, with other people's packages for
this machine's own processor: patterns and bytecode are the same on each. No part of AWS is asked.
"""

import os
import subprocess
from pathlib import Path

from infra.deploy.packages import interpreter
from infra.deploy.say import DeployError

# Marshal's version 2 refers to nothing twice, so the same content is the same bytes.
NOTE = """
import sys, types
door, boto3, sys.path[:0] = sys.argv[1], types.ModuleType("boto3"), sys.argv[2:]
sys.path[:] = [place for place in sys.path if "-packages" not in place]
boto3.Session, sys.modules["boto3"] = object, boto3  # as the package has it
import dataclasses, importlib, marshal
import functions.aws_lambda.compiled_ahead as ahead
patterns, methods, compiler = {}, {}, ahead._compiler
as_ever = compiler.compile

def compile_pattern(pattern, flags=0):
    if compiler.isstring(pattern):
        parsed = compiler._parser.parse(pattern, int(flags))
        code, state = [int(each) for each in compiler._code(parsed, int(flags))], parsed.state
        names = [None] * state.groups
        for name, group in state.groupdict.items():
            names[group] = name
        noted = int(flags) | state.flags, code, state.groups - 1, dict(state.groupdict), tuple(names)
        patterns[pattern, int(flags)] = noted
    return as_ever(pattern, flags)

def run(text, *names):
    methods[text] = compile(text, "<string>", "exec")
    exec(methods[text], *names)

compiler.compile, vars(dataclasses)["exec"] = compile_pattern, run
importlib.import_module("functions.aws_lambda.handler")
if importlib.util.find_spec(f"functions.{door}.app"):
    for name in (f"functions.{door}.main", "functions.edge.request_guard", "zappa.handler"):
        importlib.import_module(name)
else:
    importlib.import_module(f"functions.{door}.orders")
from botocore.session import Session
for service in ("dynamodb", "s3"):
    Session().create_client(service, region_name="ap-southeast-3")
noted = [dict(sorted(each.items(), key=repr)) for each in (patterns, methods)]
sys.stdout.buffer.write(marshal.dumps((ahead.PYTHON, *noted), 2))
"""


def compile_ahead(function: str, ours: Path, theirs: Path) -> bytes:
    """Return what ``functions.aws_lambda.compiled_ahead`` reads. Raises DeployError.

    ``ours`` holds our modules of this function, at least; ``theirs`` the packages for this machine's processor.
    """
    # Not -I, which passes over the seed of hashes: an order that it decides would get into the bytes.
    command = [interpreter(), "-s", "-P", "-B", "-c", NOTE, function, str(ours), str(theirs)]
    environ = {"PATH": os.defpath, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "LAPOR_DOOR": function}
    done = subprocess.run(command, env=environ, capture_output=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise DeployError(f"{function} does not load: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout
