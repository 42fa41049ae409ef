package io.tandem.run;

import io.tandem.Foreign;
import io.tandem.Mutations;
import io.tandem.postprocess.TaskTypes;
import io.tandem.summary.Rounds;
import io.tandem.trial.Trials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

/** Records of other people's runs, changed at random, are read, or refused with a sentence. */
final class RunRecordFuzzTest {
  private static final Path NOISY = Path.of("src/test/resources/runs/noisy/environment.json");
  private static Path folder = Path.of("");
  private static List<byte[]> environments = List.of();
  private static List<byte[]> trials = List.of();

  @BeforeContainer
  static void create() throws IOException {
    folder = Files.createTempDirectory("run");
    Files.createDirectory(folder.resolve("predictions"));
    new RunRecord(
            Rounds.environment(),
            Trials.with(
                Trials.planned("cpu-1x1-b4-fp32-executor", "cpu-2x4-b8-bf16-prediction"),
                Trials.named("cpu-2x1-b4-fp32-task").by("theirs", Trials.THEIRS)))
        .write(run());
    for (String file : List.of(".environment.json.crc", ".trials.jsonl.crc")) {
      Files.delete(folder.resolve(file));
    }
    trials = List.of(Files.readAllBytes(folder.resolve("trials.jsonl")));
    environments =
        List.of(Files.readAllBytes(folder.resolve("environment.json")), Files.readAllBytes(NOISY));
  }

  @AfterContainer
  static void delete() throws IOException {
    FileUtils.deleteDirectory(folder.toFile());
  }

  private static RunFolder run() {
    return RunFolder.existing(folder.toString(), new Configuration(false));
  }

  @Provide
  Arbitrary<byte[]> environments() {
    return Mutations.of(environments);
  }

  @Provide
  Arbitrary<byte[]> trials() {
    return Mutations.of(trials);
  }

  @Property
  void environment(@ForAll("environments") byte[] file) throws Exception {
    Files.write(folder.resolve("environment.json"), file);
    Files.write(folder.resolve("trials.jsonl"), trials.get(0));
    Foreign.read(RunRecordFuzzTest::taskType);
  }

  @Property
  void trials(@ForAll("trials") byte[] file) throws Exception {
    Files.write(folder.resolve("environment.json"), environments.get(0));
    Files.write(folder.resolve("trials.jsonl"), file);
    Foreign.read(() -> RunRecord.read(run()).trials());
  }

  private static Object taskType() {
    return TaskTypes.named(RunRecord.read(run()).environment().model().taskType());
  }
}
