"""How an installed Feast reads the online_store of each feature_store.yaml of a folder, and what client it makes of it."""

import json
import os
import sys
from pathlib import Path

from feast.infra.online_stores.redis import RedisOnlineStore
from feast.repo_config import load_repo_config

os.environ["REDIS_PASSWORD"] = "the primary's"
os.environ["REDIS_SENTINEL_PASSWORD"] = "the sentinels'"


def read(path):
    config = load_repo_config(path.parent, path).online_store
    nodes, words = RedisOnlineStore._parse_connection_string(config.connection_string)
    client = RedisOnlineStore()._get_client(config)
    pool = getattr(client, "connection_pool", None)
    sentinel = getattr(pool, "sentinel_manager", None)
    return {
        "type": config.redis_type.value,
        "nodes": [f"{node['host']}:{node['port']}" for node in nodes],
        "words": words,
        "client": type(client).__name__,
        "primary": getattr(pool, "service_name", None),
        "sentinel": sentinel and sentinel.sentinel_kwargs,
        "ping": client.ping() if path.stem == "live" else None,
    }


print("RESULT " + json.dumps({path.stem: read(path) for path in Path(sys.argv[1]).glob("*.yaml")}))
