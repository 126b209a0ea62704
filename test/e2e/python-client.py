"""Runs the dynamic-client tests that the Python package `kubernetes` carries against one server.

KS_URL and KS_TOKEN say where and as whom. The package leaves out the module by which its tests find a cluster; it is
made here. Each test becomes a line of JSON on stdout: id, outcome, detail.
"""

import json
import os
import sys
import types
import unittest

MODULES = [
    "kubernetes.dynamic.test_client",
    "kubernetes.dynamic.test_discovery",
    "kubernetes.aio.dynamic.client_test",
    "kubernetes.aio.dynamic.discovery_test",
]


def provide(package, configuration):
    """`<package>.e2e_test.base`, whose configuration is the server of the environment."""

    def get_e2e_configuration():
        made = configuration(host=os.environ["KS_URL"])
        made.api_key = {"authorization": "Bearer " + os.environ["KS_TOKEN"]}
        # kube-apiserver says 429 while it sets up a kind anew; its own clients ask again then.
        made.client_go_retries = True
        return made

    folder = types.ModuleType(package + ".e2e_test")
    base = types.ModuleType(package + ".e2e_test.base")
    base.get_e2e_configuration = get_e2e_configuration
    folder.base = base
    sys.modules[folder.__name__] = folder
    sys.modules[base.__name__] = base


class Lines(unittest.TestResult):
    """Tells each outcome as it comes."""

    def tell(self, test, outcome, detail=""):
        line = {"id": test.id(), "outcome": outcome, "detail": detail}
        print(json.dumps(line), flush=True)

    def addSuccess(self, test):
        self.tell(test, "pass")

    def addFailure(self, test, err):
        self.tell(test, "fail", self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.tell(test, "fail", self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        self.tell(test, "skip", reason)

    def addExpectedFailure(self, test, err):
        self.tell(test, "skip", "fails as its authors expect")

    def addUnexpectedSuccess(self, test):
        self.tell(test, "fail", "passes though its authors expect that it fails")


def main():
    from kubernetes.aio.client import Configuration as AsyncConfiguration
    from kubernetes.client import Configuration

    provide("kubernetes", Configuration)
    provide("kubernetes.aio", AsyncConfiguration)
    loaded = unittest.defaultTestLoader.loadTestsFromNames(MODULES)
    print(json.dumps({"count": loaded.countTestCases()}), flush=True)
    loaded.run(Lines())


main()
