package io.tandem.conf;

import io.tandem.Foreign;
import io.tandem.Mutations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Settings of other people, changed at random, are settings, or refused with a sentence. */
final class SettingsFuzzTest {
  private static final String SAVED = SettingsText.of(SettingsLoader.load(null, List.of()));
  private static Path file = Path.of("");

  @BeforeContainer
  static void create() throws Exception {
    file = Files.createTempFile("settings", ".conf");
  }

  @AfterContainer
  static void delete() throws Exception {
    Files.delete(file);
  }

  @Provide
  Arbitrary<String> saved() {
    return Mutations.ofTexts(SAVED);
  }

  @Provide
  Arbitrary<String> written() {
    return Mutations.ofTexts(
        "infer { batch-size = 16, intra-op-threads = 2 }\nbenchmark.rounds = 3\n",
        "benchmark { devices = [cpu], concurrency = [1, 2], min-seconds = 0.5 }\n",
        "frames.path = \"s3a://bucket/in\"\nlane.read-ahead-bytes = 8M\nmodel.mean = [0, 0.5, 1]\n",
        "tandem.synthetic.sleep = 20 ms\ncalibration.scalability = [[0.05, 0.002]]\n");
  }

  @Property
  void settingsOfARun(@ForAll("saved") String text) throws Exception {
    Foreign.read(() -> SettingsLoader.saved(text));
    Foreign.read(() -> SettingsText.differences(SAVED, text));
  }

  @Property
  void fileOfTheCall(@ForAll("written") String text) throws Exception {
    Files.writeString(file, text);
    Foreign.read(() -> SettingsLoader.load(file, List.of()));
  }

  @Property
  void pairOfTheCall(@ForAll("written") String text) throws Exception {
    Foreign.read(() -> SettingsLoader.load(null, text.lines().toList()));
  }
}
