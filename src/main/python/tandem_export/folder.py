"""Reads and extends serving.properties, the description of a model folder."""
import pathlib

FILE = "serving.properties"
# In order of preference; an export that agrees less is no default.
PREFERRED = ("bf16-fused", "onnx-fp32", "fp32")


class ServingProperties:
    """The lines of a serving.properties: comments, order and unknown keys stay as they are."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / FILE
        self.lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []
        self.convert_old_keys()

    def get(self, key, default=None):
        for line in self.lines:
            name, separator, value = line.partition("=")
            if separator and name.strip() == key:
                return value.strip()
        return default

    def set(self, key, value):
        for place, line in enumerate(self.lines):
            if line.partition("=")[0].strip() == key and "=" in line:
                self.lines[place] = f"{key}={value}"
                return
        self.lines.append(f"{key}={value}")

    def remove(self, prefix):
        self.lines = [line for line in self.lines if not line.strip().startswith(prefix)]

    def exports(self):
        return [name.strip() for name in self.get("exports", "").split(",") if name.strip()]

    def convert_old_keys(self):
        """Replaces precisions= and file.X=, or a lone option.modelName=, by the keys of exports."""
        if self.exports() or not self.lines:
            return
        old = [name.strip() for name in self.get("precisions", "").split(",") if name.strip()]
        files = {name: self.get(f"file.{name}") for name in old if self.get(f"file.{name}")}
        if not files and self.get("option.modelName"):
            onnx = self.get("engine", "").lower() == "onnxruntime"
            files = {"onnx-fp32" if onnx else "fp32": self.get("option.modelName") + (".onnx" if onnx else ".pt")}
        files = {name: file for name, file in files.items() if (self.path.parent / file).is_file()}
        self.remove("precisions=")
        self.remove("file.")
        for name, file in files.items():
            self.add_export(name, file, file.endswith(".onnx"), name.removeprefix("onnx-"))

    def add_export(self, name, file, onnx, precision, keys=(), agreement=None):
        """Adds an export, or replaces the one of that name."""
        self.set("exports", ",".join(dict.fromkeys([*self.exports(), name])))
        self.remove(f"export.{name}.")
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        self.lines.append("")
        values = {"file": file, "engine": "onnxruntime" if onnx else "pytorch", "precision": precision, **dict(keys)}
        if agreement is not None:
            values["agreement"] = f"{agreement:.3f}"
        for key, value in values.items():
            self.lines.append(f"export.{name}.{key}={value}")

    def set_defaults(self):
        """Names the exports to use by default, if the file does not name them yet."""
        names = [name for name in PREFERRED if name in self.exports()]
        agreeing = [name for name in names if self.keeps_labels(name)]
        if agreeing and self.get("default.cpu") is None:
            self.lines.append("")
            self.set("default.cpu", ",".join(agreeing))
        if "fp32" in names and self.get("default.gpu") is None:
            self.set("default.gpu", "fp32")

    def keeps_labels(self, name):
        """Returns whether all untied labels agree; where none was compared, whether it is float32."""
        share = self.get(f"export.{name}.agreement")
        return name.endswith("fp32") if share is None else float(share) == 1

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("\n".join(self.lines).strip("\n") + "\n", encoding="utf-8")
