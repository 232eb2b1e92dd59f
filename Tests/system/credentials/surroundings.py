"""What slotd finds around it: variables, a home directory, and a configuration without a key."""

from sessions import REGION

from support.slotd import settings

# What a machine may say by itself about keys; an empty variable is none.
NOTHING = dict.fromkeys(
    [
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"),
        *("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"),
        *("AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_ENDPOINT_URL_STS", "AWS_CA_BUNDLE"),
        *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        *("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
        *("AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
    ],
    "",
)


def surroundings(home, environment: dict) -> dict:
    """The variables of a process with this home, and with these of AWS and no others."""
    return {**NOTHING, "HOME": str(home), "no_proxy": "*", **environment}


def keyless(s3: dict | None = None, **host) -> dict:
    """A configuration of one service, without a key in it."""
    bucket = {"bucket_url": "https://s3-eu-west-1.amazonaws.com/mybucket", "region": REGION}
    return settings({"upload.@HOST@": {**host, "s3": {**bucket, **(s3 or {})}}})
