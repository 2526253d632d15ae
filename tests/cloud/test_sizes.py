"""What is too large for a function is answered at the edge, in words, before a byte of it is read."""

import json
import re

import pytest

from functions.casework.formats.attachments import MB
from infra.deploy.environs import FILE_MB
from tests.cloud.stacks import ROOT, template

FORM_ROOM = 64 * 1024  # around a file: the receipt, keys, an answer's words
LAMBDA_BYTES = 6 * MB


@pytest.fixture(scope="module")
def code():
    return template("edge")["Resources"]["Sizes"]["Properties"]["FunctionCode"]


def answer(browser, code, length, lang="", accept="text/html"):
    page = browser.new_page()
    try:
        headers = {"accept": {"value": accept}} | ({"content-length": {"value": str(length)}} if length else {})
        query = {"lang": {"value": lang}} if lang else {}
        asked = {"request": {"uri": "/api/thread/files", "method": "POST", "headers": headers, "querystring": query}}
        return page.evaluate(f"(event) => {{ {code}; return handler(event); }}", asked)
    finally:
        page.close()


def most(code):
    (number,) = re.findall(r"<= (\d+)\)", code)
    return int(number)


def test_the_largest_file_passes_with_its_form_and_nothing_that_lambda_refuses(browser, code):
    assert most(code) >= FILE_MB * MB + FORM_ROOM
    assert most(code) * 4 / 3 + FORM_ROOM <= LAMBDA_BYTES
    for length in (0, 1, most(code)):
        assert answer(browser, code, length)["uri"] == "/api/thread/files"


@pytest.mark.parametrize(("lang", "there"), [("", "/bantuan/#berkas"), ("en", "/en/bantuan/#berkas")])
def test_a_five_mb_photo_without_script_leads_to_a_page_in_words(browser, code, lang, there):
    said = answer(browser, code, 5 * MB + 500, lang)
    assert (said["statusCode"], said["headers"]["location"]["value"]) == (303, there)
    page = (ROOT / "site/pages/bantuan.html").read_text()
    assert 'id="berkas"' in page


@pytest.mark.parametrize(("lang", "sentence"), [("id", "paling besar {} MB"), ("en", "at most {} MB")])
def test_a_script_or_an_app_gets_a_problem(browser, code, lang, sentence):
    said = answer(browser, code, 8 * MB, lang, "application/json")
    problem = json.loads(said["body"])
    assert (said["statusCode"], problem["status"], problem["code"]) == (413, 413, "too_large")
    assert said["headers"]["content-type"]["value"] == "application/problem+json"
    assert sentence.format(FILE_MB) in problem["detail"]


def test_every_door_that_takes_files_stands_behind_it():
    config = template("edge")["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    guarded = {
        each["PathPattern"]
        for each in config["CacheBehaviors"]
        if {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Sizes", "FunctionARN"]}}
        in each.get("FunctionAssociations", [])
    }
    assert guarded == {"/api/clean", "/api/thread*", "/desk*"}
