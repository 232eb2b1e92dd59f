"""Trouble with TLS, made for real, and the sentence that the operator gets."""

import pytest
from probing import SIGNED, probe

from support.standins import always, answering, certificate, s3_error


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


def trouble_of(tmp_path, url, wrapper=(), **s3):
    s3 = {"bucket_url": f"{url}/uploads", **s3}
    return probe(tmp_path, s3, wrapper=wrapper, **SIGNED)[1]["trouble"]


def test_ca_file_makes_it_known(tmp_path, pem):
    with answering(always(403, s3_error("AccessDenied")), pem) as url:
        assert trouble_of(tmp_path, url, ca_file=f"{pem}.crt")["code"] == "AccessDenied"


@pytest.mark.parametrize("ahead, problem", [("+31d", "has expired"), ("-1d", "is not valid yet")])
def test_a_certificate_at_another_time(tmp_path, pem, ahead, problem):
    with answering(always(403), pem) as url:
        clock = ("faketime", "-f", ahead)
        trouble = trouble_of(tmp_path, url, clock, ca_file=f"{pem}.crt")
    assert trouble["code"] == "curl-60" and problem in trouble["problem"]


def test_another_name(tmp_path, tmp_path_factory):
    pem = certificate(tmp_path_factory.mktemp("other"), name="127.0.0.2")
    with answering(always(403), pem) as url:
        trouble = trouble_of(tmp_path, url, ca_file=f"{pem}.crt")
    assert trouble["code"] == "curl-60"
    assert "use the host name that stands in the certificate" in trouble["remedy"]


def test_http_where_tls_is_spoken(tmp_path):
    with answering(always(403)) as url:
        trouble = trouble_of(tmp_path, url.replace("http:", "https:"))
    assert trouble["code"] == "curl-35"
    assert "write http://" in trouble["remedy"]
