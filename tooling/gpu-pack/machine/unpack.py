"""Unpacks what lies in a pack, as far as it is there: python3 unpack.py PACK WORK. A second time only what is new."""

import hashlib
import io
import json
import lzma
import os
import platform
import shutil
import sys
import tarfile


def main(pack, work):
    with open(os.path.join(pack, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if platform.machine() != manifest["machine"]:
        sys.exit(f"This pack is for {manifest['machine']}, and this machine is {platform.machine()}: pack on one of its kind.")
    stamps = os.path.join(work, ".unpacked")
    os.makedirs(stamps, exist_ok=True)
    waiting = [item["into"] for item in manifest["items"] if not unpack(item, pack, work, stamps)]
    complete = manifest["data"] is not None and not waiting
    with open(os.path.join(work, "data.json"), "w", encoding="utf-8") as file:
        json.dump({"id": manifest["data"], "complete": complete, "waiting": waiting}, file)
    if waiting:
        print(f"not here yet, or not whole: {', '.join(waiting)}", file=sys.stderr)


def unpack(item, pack, work, stamps):
    """Whether the item is there afterwards."""
    stamp = os.path.join(stamps, item["into"].replace("/", "-"))
    target = os.path.join(work, item["into"])
    if os.path.exists(target) and read(stamp) == item["sha256"]:
        return True
    pieces = [os.path.join(pack, piece) for piece in item["pieces"]]
    content = b"" if not all(map(os.path.exists, pieces)) else b"".join(read_bytes(piece) for piece in pieces)
    if hashlib.sha256(content).hexdigest() != item["sha256"]:
        if item["optional"]:
            return False
        sys.exit(f"{', '.join(item['pieces'])}: missing or damaged; transfer the pack again.")
    if item["compression"] == "xz":
        content = lzma.decompress(content)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    temporary = f"{target}.{os.getpid()}"
    if item["kind"] == "tree":
        with tarfile.open(fileobj=io.BytesIO(content)) as tree:
            # As Python's documentation has it, for versions with and without filters.
            tree.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
            tree.extractall(temporary)
        shutil.rmtree(target, ignore_errors=True)
    else:
        with open(temporary, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o755 if item["executable"] else 0o644)
    os.rename(temporary, target)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(item["sha256"])
    return True


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


main(*sys.argv[1:])
