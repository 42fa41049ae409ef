package io.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files that an ONNX file names: found wherever tensors are, and kept in their folder. */
final class OnnxExternalDataTest {
  @TempDir Path folder;

  @Test
  void tensors_areFoundInInitializersAttributesSubgraphsAndFunctions() throws IOException {
    byte[] inSubgraph = attribute(field(6, graph(field(5, tensor("subgraph", true)))));
    byte[] model =
        joined(
            new byte[] {8, 8}, // ir_version
            graphOfModel(
                field(5, tensor("initializer", true)),
                field(5, tensor("not used", false)),
                field(1, attribute(field(5, tensor("attribute", true)))),
                field(1, attribute(field(10, tensor("attributes", true)))),
                field(1, inSubgraph),
                field(15, field(1, tensor("sparse", true)))),
            field(25, field(7, attribute(field(5, tensor("function", true))))));
    assertThat(files(model))
        .containsExactly(
            "initializer", "attribute", "attributes", "subgraph", "sparse", "function");
  }

  @Test
  void damagedFile_namesNone() throws IOException {
    byte[] model = graphOfModel(field(5, tensor("data", true)));
    assertThat(files(model)).containsExactly("data");
    assertThat(files(Arrays.copyOf(model, model.length - 3))).isEmpty();
    assertThat(files(Files.readAllBytes(Paths.MODEL_CASES.resolve("colour/colour.pt")))).isEmpty();
    assertThat(files(new byte[0])).isEmpty();
  }

  @Test
  void fingerprint_coversExternalData() throws IOException {
    Path copy = copy("external-data");
    ModelSpec before = spec(copy);
    assertThat(before.location().data())
        .extracting(ModelSpec.ModelFile::name)
        .containsExactly("model.onnx.data");
    Path data = copy.resolve("model.onnx.data");
    byte[] bytes = Files.readAllBytes(data);
    bytes[0] ^= 1;
    Files.write(data, bytes);
    assertThat(spec(copy).fingerprint()).isNotEqualTo(before.fingerprint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "external-missing|keeps tensors in missing.data, which is missing; copy that file into",
        "external-outside|names a file of tensors outside of the folder, which is not read: ../secret.bin;",
        "external-absolute|names a file of tensors outside of the folder, which is not read: /etc/hostname;",
      })
  void dataThatIsMissingOrOutside_isRefused(String name, String sentence) {
    assertThatThrownBy(() -> spec(Paths.ONNX_CASES.resolve(name)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void symbolicLinkOutOfTheFolder_isNotFollowed() throws IOException {
    Path copy = copy("external-data");
    Path data = copy.resolve("model.onnx.data");
    Files.createSymbolicLink(data, Files.move(data, folder.resolve("elsewhere")));
    assertThatThrownBy(() -> spec(copy))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("outside of the folder, which is not read: model.onnx.data;");
  }

  private Path copy(String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(Paths.ONNX_CASES.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static ModelSpec spec(Path model) {
    return Tandem.spec(
        Tandem.settings("model.path=" + model.toAbsolutePath()), new Configuration());
  }

  private static Set<String> files(byte[] model) throws IOException {
    return OnnxExternalData.files(new ByteArrayInputStream(model), model.length);
  }

  private static byte[] graphOfModel(byte[]... fields) throws IOException {
    return field(7, graph(fields));
  }

  private static byte[] graph(byte[]... fields) throws IOException {
    return joined(fields);
  }

  /** A node with one attribute. */
  private static byte[] attribute(byte[] content) throws IOException {
    return field(5, content);
  }

  private static byte[] tensor(String location, boolean isExternal) throws IOException {
    byte[] data = field(9, new byte[300]);
    byte[] entry = joined(text(1, "location"), text(2, location));
    return joined(data, field(13, entry), new byte[] {14 << 3, (byte) (isExternal ? 1 : 0)});
  }

  private static byte[] text(int number, String text) throws IOException {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A field of bytes, as protobuf writes it. */
  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : new int[] {number << 3 | 2, content.length}) {
      for (int rest = value; ; rest >>>= 7) {
        out.write(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
        if (rest < 0x80) {
          break;
        }
      }
    }
    out.write(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }
}
