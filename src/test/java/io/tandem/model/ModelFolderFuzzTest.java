package io.tandem.model;

import io.tandem.Foreign;
import io.tandem.Mutations;
import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Export;
import io.tandem.conf.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

/** Text files of models, changed at random, describe a model, or are refused with a sentence. */
final class ModelFolderFuzzTest {
  private static Path folder = Path.of("");
  private static List<byte[]> properties = List.of();

  @BeforeContainer
  static void create() throws IOException {
    folder = Files.createTempDirectory("model");
    Files.writeString(folder.resolve("m.pt"), "m");
    List<byte[]> read = new ArrayList<>();
    try (var models = Files.newDirectoryStream(Paths.MODELS)) {
      for (Path model : models) {
        Path file = model.resolve("serving.properties");
        if (Files.exists(file)) {
          read.add(Files.readAllBytes(file));
        }
      }
    }
    properties = read;
  }

  @AfterContainer
  static void delete() throws IOException {
    FileUtils.deleteDirectory(folder.toFile());
  }

  @Provide
  Arbitrary<byte[]> properties() {
    return Mutations.of(properties);
  }

  @Provide
  Arbitrary<byte[]> labels() {
    return Mutations.of(
        List.of("cat\ndog\nhäst 😀\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Property
  void properties(@ForAll("properties") byte[] file) throws Exception {
    Files.write(folder.resolve("serving.properties"), file);
    Files.writeString(folder.resolve("synset.txt"), "cat\ndog\n");
    Foreign.read(ModelFolderFuzzTest::specs);
  }

  @Property
  void labels(@ForAll("labels") byte[] file) throws Exception {
    Files.writeString(folder.resolve("serving.properties"), "option.modelName=m\n");
    Files.write(folder.resolve("synset.txt"), file);
    Foreign.read(ModelFolderFuzzTest::specs);
  }

  private static List<ModelSpec> specs() {
    Settings settings = Tandem.settings("model.path=\"%s\"".formatted(folder));
    ModelFolder model = ModelFolder.open(settings.model(), new Configuration(false));
    return model.exports().stream().map(Export::name).map(model::spec).toList();
  }
}
