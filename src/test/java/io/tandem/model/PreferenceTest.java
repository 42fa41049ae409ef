package io.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which export is used where none is named. */
final class PreferenceTest {
  private static final List<Device.Kind> CPU = List.of(Device.Kind.CPU);
  private static final List<Device.Kind> GPU = List.of(Device.Kind.GPU);
  private static final Set<String> PLAIN = Set.of("avx2");
  private static final Set<String> FAST = Set.of("avx2", "avx512_bf16");

  private static final String[] EXPORTS = {
    "exports=fp32,bf16-fused,onnx-fp32",
    "export.fp32.engine=PyTorch",
    "export.bf16-fused.engine=pytorch",
    "export.bf16-fused.precision=bf16",
    "export.bf16-fused.device=cpu",
    "export.bf16-fused.cpu-flags=avx512_bf16, amx_bf16",
    "export.onnx-fp32.precision=fp32",
    "default.cpu=bf16-fused,fp32",
    "default.gpu=fp32"
  };

  @TempDir Path folder;

  @Test
  void cpuWithTheInstructions_getsTheFirst() throws IOException {
    assertThat(model(EXPORTS).preferred(CPU, List.of(FAST, Set.of("amx_bf16"))))
        .isEqualTo(new Preference("bf16-fused", "for CPUs with avx512_bf16 or amx_bf16"));
  }

  @Test
  void cpuWithoutThem_getsTheNext() throws IOException {
    assertThat(model(EXPORTS).preferred(CPU, List.of(PLAIN)))
        .isEqualTo(
            new Preference(
                "fp32",
                "bf16-fused is for CPUs with avx512_bf16 or amx_bf16, and this one has none of them"));
  }

  @Test
  void executorsThatDiffer_getTheOneThatSuitsAll() throws IOException {
    assertThat(model(EXPORTS).preferred(CPU, List.of(FAST, PLAIN, PLAIN)))
        .isEqualTo(
            new Preference(
                "fp32",
                "bf16-fused is for CPUs with avx512_bf16 or amx_bf16, and those of 2 of 3 executors have none of them"));
  }

  @Test
  void gpu_hasItsOwnPreference() throws IOException {
    assertThat(model(EXPORTS).preferred(GPU, List.of(FAST)))
        .isEqualTo(new Preference("fp32", null));
    List<Device.Kind> both = List.of(Device.Kind.CPU, Device.Kind.GPU);
    assertThat(model(EXPORTS).preferred(both, List.of(FAST)))
        .isEqualTo(new Preference("fp32", null));
  }

  @Test
  void namedExport_isUsedOnAnyCpu() throws IOException {
    assertThat(model(settings("bf16-fused"), EXPORTS).preferred(CPU, List.of(PLAIN)))
        .isEqualTo(new Preference("bf16-fused", null));
  }

  @Test
  void modelWithoutAPreference_usesItsFirstExport() throws IOException {
    assertThat(model("precisions=fp16,fp32").preferred(CPU, List.of(FAST)))
        .isEqualTo(new Preference("fp16", null));
    assertThat(model("input=uint8-nhwc").preferred(GPU, List.of()))
        .isEqualTo(new Preference("fp32", null));
  }

  @Test
  void export_suitsCpusThatAllHaveOneOfItsFlags() throws IOException {
    ModelFolder model = model(EXPORTS);
    Export fused = model.exports().get(1);
    assertThat(model.suits(fused, List.of(FAST, Set.of("amx_bf16")))).isTrue();
    assertThat(model.suits(fused, List.of(FAST, PLAIN))).isFalse();
    assertThat(model.suits(model.exports().get(0), List.of(PLAIN))).isTrue();
  }

  @Test
  void exports_haveTheirEngineAndPrecision() throws IOException {
    assertThat(model(EXPORTS).exports())
        .containsExactly(
            new Export("fp32", "pytorch", "fp32"),
            new Export("bf16-fused", "pytorch", "bf16", Device.Kind.CPU, null),
            new Export("onnx-fp32", "pytorch", "fp32"));
    assertThat(model("precisions=fp32,bf16").exports())
        .containsExactly(
            new Export("fp32", "pytorch", "fp32"), new Export("bf16", "pytorch", "bf16"));
  }

  @Test
  void wrongValues_areOneSentence() throws IOException {
    assertThatThrownBy(() -> model("exports=a", "export.a.device=tpu").exports())
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("is one of any, cpu, gpu, not: tpu");
    assertThatThrownBy(() -> model("exports=a", "export.a.engine=tensorflow").exports())
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("not: tensorflow");
    assertThatThrownBy(() -> model("exports=a", "default.cpu=b").preferred(CPU, List.of(FAST)))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("names the export b; it has a");
    assertThatThrownBy(() -> model("exports=a", "export.a.device=cpu").preferred(GPU, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("prefers no export that runs on gpu; name one, of a");
  }

  private ModelFolder model(String... properties) throws IOException {
    return model(settings("null"), properties);
  }

  private ModelFolder model(Settings.Model settings, String... properties) throws IOException {
    Files.write(folder.resolve("serving.properties"), Arrays.asList(properties));
    return ModelFolder.open(settings, new Configuration());
  }

  private Settings.Model settings(String export) {
    return Tandem.settings("model.path=\"" + folder + "\"", "model.export=" + export).model();
  }
}
