"""The way to Tandem's Java classes."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from ._errors import TandemError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Path = Union[str, "os.PathLike[str]"]
Setting = Union[str, bool, int, float, Sequence[Any]]
Settings = Mapping[str, Setting]


def jars(folder: Path) -> str:
    """Returns the jars of an unpacked archive of Tandem, or of a built checkout, separated by commas.

    For ``spark.jars``, before the session is made::

        SparkSession.builder.config("spark.jars", tandem.jars("/opt/tandem-0.1.0"))
    """
    home = os.path.abspath(os.fspath(folder))
    for libraries, natives in ("lib", "natives"), ("target", "target/natives"):
        ours = [
            jar
            for jar in glob.glob(os.path.join(glob.escape(home), libraries, "tandem-*.jar"))
            if not jar.endswith(("-sources.jar", "-javadoc.jar"))
        ]
        theirs = glob.glob(os.path.join(glob.escape(home), natives, "*.jar"))
        if ours and theirs:
            return ",".join([max(ours, key=os.path.getmtime), *sorted(theirs)])
    raise TandemError(f"{home} is no unpacked archive of Tandem: it has no lib/tandem-*.jar and natives/*.jar")


def require_classic(spark: SparkSession) -> None:
    """Refuses what is no Spark session of this process."""
    if type(spark).__module__.startswith("pyspark.sql.connect"):
        raise TandemError(
            "this is a session of Spark Connect, whose server runs the tasks; there, with Tandem's jars on the "
            'server, use spark.read.format("tandem"), or use a session without Connect'
        )
    if not hasattr(spark, "_jsparkSession"):
        raise TandemError(f"spark must be a SparkSession, not {type(spark).__name__}")


def java_class(spark: SparkSession, name: str) -> Any:
    """Returns a class of Tandem in the session's JVM."""
    require_classic(spark)
    found: Any = spark._jvm
    for part in name.split("."):
        found = getattr(found, part)
    if type(found).__name__ == "JavaPackage":  # So Py4J takes a class that is not there.
        raise TandemError(
            "this Spark session has no Tandem: start Spark with the jars of the archive of its release line, by "
            'spark.jars = tandem.jars("the unpacked archive"), or --jars lib/tandem-VERSION.jar,natives/*.jar '
            "with commas between all files; a session that runs must be stopped first"
        )
    return found


def configured(builder: Any, settings: Optional[Settings]) -> Any:
    """Gives a Java builder the settings; returns it."""
    for key, value in (settings or {}).items():
        builder.set(key, value if isinstance(value, str) else json.dumps(value))
    return builder
