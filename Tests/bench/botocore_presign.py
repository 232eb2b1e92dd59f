"""Prints the nanoseconds that botocore takes for a presigned URL."""

import sys
import time

import botocore.session
from botocore.config import Config

client = botocore.session.get_session().create_client(
    "s3",
    region_name="eu-west-1",
    aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
    aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)
WHAT = {"Bucket": "mybucket", "Key": "a" * 64 + "/très cool.jpg", "ContentLength": 23456}
count = int(sys.argv[1])
client.generate_presigned_url("put_object", WHAT, ExpiresIn=60)
began = time.perf_counter_ns()
for _ in range(count):
    client.generate_presigned_url("put_object", WHAT, ExpiresIn=60)
print((time.perf_counter_ns() - began) // count)
