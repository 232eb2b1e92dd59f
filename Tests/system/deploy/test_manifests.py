"""compose.yaml and the Kubernetes manifests: judged by their schemas, and by slotd itself."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from support.s3 import script
from support.slotd import SECRET_ACCESS_KEY, command
from support.slots import ask, get, put

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
# The oldest that has what the manifests need (a pause as preStop), and the newest that is known.
VERSIONS = ["1.30", kubernetes_validate.latest_version()]


def objects(path: Path) -> list[dict]:
    return list(yaml.safe_load_all(path.read_text()))


def pods() -> list[tuple[str, dict]]:
    """The specification of each pod that a Deployment makes, by its file."""
    return [
        (path.name, item["spec"]["template"]["spec"])
        for path in KUBERNETES
        for item in objects(path)
        if item["kind"] == "Deployment"
    ]


@pytest.fixture(params=pods(), ids=lambda pod: pod[0])
def pod(request) -> dict:
    return request.param[1]


def slotd_of(pod: dict) -> dict:
    (container,) = (
        container
        for container in pod["containers"] + pod.get("initContainers", [])
        if container["name"] == "slotd"
    )
    return container


# --- their schemas ---


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_knows_every_field(path, version):
    for item in objects(path):
        kubernetes_validate.validate(item, version, strict=True)
        item["spek"] = {}
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(item, version, strict=True)


def test_compose_knows_every_field(tmp_path):
    def checked(path: Path) -> int:
        schema = ["--builtin-schema", "vendor.compose-spec"]
        done = subprocess.run([script("check-jsonschema"), *schema, path], capture_output=True)
        return done.returncode

    assert checked(COMPOSE) == 0
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text().replace("read_only:", "read_onli:"))
    assert checked(wrong) == 1


# --- what they promise about slotd ---


def test_a_pods_slotd_has_no_rights(pod):
    security = {**pod["securityContext"], **slotd_of(pod)["securityContext"]}
    assert security == {
        **security,
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert pod["automountServiceAccountToken"] is False


def test_a_pods_probes_reach_slotd(pod):
    """By HTTP where it listens for the cluster; from inside where it listens on loopback alone."""
    container = slotd_of(pod)
    for kind, path, arguments in [
        ("startupProbe", "/livez", []),
        ("livenessProbe", "/livez", []),
        ("readinessProbe", "/readyz", ["--ready"]),
    ]:
        probe = container[kind]
        if "ports" in container:
            assert probe["httpGet"] == {"path": path, "port": container["ports"][0]["name"]}
        else:
            assert probe["exec"]["command"] == ["/usr/bin/slotd", "health", *arguments]
            assert probe.get("timeoutSeconds", 1) >= 1


def test_every_reference_leads_somewhere():
    for path in KUBERNETES:
        items = objects(path)
        names = {(item["kind"], item["metadata"]["name"]) for item in items}
        for item in (item for item in items if item["kind"] == "Deployment"):
            spec = item["spec"]["template"]["spec"]
            volumes = {volume["name"]: volume for volume in spec["volumes"]}
            for volume in volumes.values():
                if "configMap" in volume:
                    assert ("ConfigMap", volume["configMap"]["name"]) in names
                else:
                    assert ("Secret", volume["secret"]["secretName"]) in names
            for container in spec["containers"] + spec.get("initContainers", []):
                assert {mount["name"] for mount in container["volumeMounts"]} <= set(volumes)
        for item in items:
            if item["kind"] in ("Service", "PodDisruptionBudget"):
                selector = item["spec"]["selector"]
                selector = selector.get("matchLabels", selector)
                assert any(
                    other["kind"] == "Deployment"
                    and selector.items() <= other["spec"]["template"]["metadata"]["labels"].items()
                    for other in items
                )


# --- what they configure ---


def configurations() -> dict[str, tuple[str, dict[str, str], dict[str, str]]]:
    """Each file's slotd.toml and variables, and the contents of the secrets that they name."""
    found = {}
    for path in KUBERNETES:
        items = {item["kind"]: item for item in objects(path)}
        secrets = items["Secret"]["stringData"].items()
        files = {f"/run/secrets/slotd/{name}": value for name, value in secrets}
        found[path.name] = items["ConfigMap"]["data"]["slotd.toml"], {}, files
    (compose,) = objects(COMPOSE)
    variables = compose["services"]["slotd"]["environment"]
    found[COMPOSE.name] = "", variables, {"/run/secrets/s3": SECRET_ACCESS_KEY}
    return found


@pytest.fixture(params=configurations())
def configured(request, tmp_path) -> tuple[str, dict[str, str]]:
    """A file's slotd.toml and variables, with the secrets where this machine has them."""
    text, variables, secrets = configurations()[request.param]
    for number, (path, value) in enumerate(secrets.items()):
        here = tmp_path / f"secret{number}"
        here.write_text(value)
        assert f'"{path}"' in text or path in variables.values(), "a secret that nobody reads"
        text = text.replace(f'"{path}"', json.dumps(str(here)))
        variables = {key: str(here) if old == path else old for key, old in variables.items()}
    return text, variables


def test_slotd_takes_the_configuration(configured, tmp_path):
    text, variables = configured
    (tmp_path / "slotd.toml").write_text(text)
    done = command("check", "--config", tmp_path / "slotd.toml", environment=variables)
    assert (done.returncode, done.stderr) == (0, "")


def test_its_slots_are_what_a_bucket_accepts(configured, rclone, start_slotd):
    """With the address and the names of a bucket that is there, and all else as it stands."""
    text, variables = configured
    values = {**tomllib.loads(text), "listen": ["127.0.0.1:0"], "log_format": "human"}
    values.pop("tokens_file", None)
    changed = {
        "SLOTD_LISTEN": "127.0.0.1:0",
        "SLOTD_S3_BUCKET_URL": rclone.settings["bucket_url"],
        "SLOTD_S3_REGION": rclone.settings["region"],
        "SLOTD_S3_ACCESS_KEY_ID": rclone.settings["access_key_id"],
    }
    slot = ask(start_slotd(values, {**variables, **changed}), size=4)
    assert put(slot.put, b"abcd") == 200
    key = slot.get.removeprefix(rclone.settings["bucket_url"]).partition("?")[0]
    assert get(rclone.downloads + key) == (200, b"abcd")


def test_compose_has_one_bucket_on_both_sides():
    (compose,) = objects(COMPOSE)
    services = compose["services"]
    slotd = services["slotd"]["environment"]
    serve = services["bucket"]["command"][0]
    port = re.search(r"--addr :(\d+)", serve)[1]
    assert slotd["SLOTD_S3_BUCKET_URL"] == f"http://localhost:{port}/uploads"
    assert "rclone mkdir /data/uploads\n" in serve
    secret = slotd["SLOTD_S3_SECRET_ACCESS_KEY_FILE"]
    assert f'--auth-key "{slotd["SLOTD_S3_ACCESS_KEY_ID"]},$$(cat {secret})"' in serve
    for name in ("slotd", "ejabberd"):
        assert services[name]["network_mode"] == "service:bucket"


def test_compose_can_be_read_only():
    """Compose copies configs and secrets that are no files into the root, so only files will do."""
    (compose,) = objects(COMPOSE)
    slotd = compose["services"]["slotd"]
    assert slotd["read_only"] and slotd["cap_drop"] == ["ALL"]
    assert "configs" not in slotd
    assert all("file" in compose["secrets"][name] for name in slotd["secrets"])


def test_ejabberd_asks_where_slotd_listens():
    items = {item["kind"]: item for item in objects(DEPLOY / "kubernetes" / "sidecar.yaml")}
    (compose,) = objects(COMPOSE)
    data = items["ConfigMap"]["data"]
    for server, listen in [
        (data["ejabberd.yml"], tomllib.loads(data["slotd.toml"])["listen"][0]),
        (
            compose["configs"]["ejabberd"]["content"],
            compose["services"]["slotd"]["environment"]["SLOTD_LISTEN"],
        ),
    ]:
        upload = yaml.safe_load(server)["modules"]["mod_http_upload"]
        assert upload["service_url"] == f"http://{listen}/slot"
