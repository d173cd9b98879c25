"""Sizes of what visitors send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.php import php_bytes, php_setting
from pgfpmlint.model.world import World


def upload_larger_than_post(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A file that may be uploaded doesn't fit into the request that brings it; a post_max_size of 0 has no end."""
    upload, post = php_setting(pool, "upload_max_filesize"), php_setting(pool, "post_max_size")
    most, whole = php_bytes(upload), php_bytes(post)
    if most is None or whole is None or not upload.is_written or upload.place is None:
        return
    if 0 < whole < most:
        shown = f"post_max_size = {post.value}{'' if post.is_written else ' (default)'}"
        related = (Label(post.place, "bounds the whole request"),) if post.is_written and post.place else ()
        yield Hit(upload.place, {"upload": upload.value, "post": shown}, related)
