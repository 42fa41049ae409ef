package io.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is not on a local disk comes to this host once, whole and right. */
@Tag("spark")
final class ModelFilesTest {
  private static final Configuration HADOOP = TestFileSystem.configuration(0);

  @TempDir Path folder;
  private Path remote = Path.of("");
  private ModelSpec spec = ModelSpec.synthetic();

  @BeforeEach
  void copyModel() throws IOException {
    remote = Files.createDirectories(folder.resolve("store/mobilenet-float"));
    try (Stream<Path> files = Files.list(Paths.MODELS.resolve("mobilenet-float"))) {
      for (Path file : files.toList()) {
        Files.copy(file, remote.resolve(file.getFileName()));
      }
    }
    Settings settings = Tandem.settings("model.path=\"" + TestFileSystem.url(remote) + "\"");
    spec = Tandem.spec(settings, HADOOP);
    TestFileSystem.OPENED.set(0);
  }

  @AfterEach
  void forgetFaults() {
    TestFileSystem.reset();
  }

  @Test
  void modelOfThisJvmAlone_isFetchedWithoutAChecksum() throws IOException {
    Settings settings = Tandem.settings("model.path=\"" + TestFileSystem.url(remote) + "\"");
    ModelSpec own = ModelFolder.open(settings.model(), HADOOP).forThisJvm().spec("fp32");
    Path fetched = new ModelFiles().local(own, cache("own"), HADOOP).resolve(own.file());
    assertThat(fetched).hasSameBinaryContentAs(remote.resolve(own.file()));
  }

  @Test
  void manyThreads_fetchOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    ModelFiles files = new ModelFiles();
    List<Future<Path>> found = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      found.add(threads.submit(() -> files.local(spec, cache("cache"), HADOOP)));
    }
    for (Future<Path> local : found) {
      assertThat(local.get().resolve(spec.file()))
          .hasSameBinaryContentAs(remote.resolve(spec.file()));
    }
    threads.shutdown();
    assertThat(TestFileSystem.OPENED).hasValue(1);
  }

  @Test
  void fetchedFileOfTheRightLengthButOtherBytes_isFetchedAgain() throws IOException {
    Path cached = cached("damaged");
    byte[] bytes = Files.readAllBytes(remote.resolve(spec.file()));
    bytes[bytes.length / 2] ^= 1;
    Files.write(cached, bytes);
    new ModelFiles().local(spec, cache("damaged"), HADOOP);
    assertThat(cached).hasSameBinaryContentAs(remote.resolve(spec.file()));
  }

  @Test
  void fetchedFileThatIsCutShort_isFetchedAgain() throws IOException {
    Path cached = cached("short");
    Files.write(cached, new byte[] {1, 2, 3});
    new ModelFiles().local(spec, cache("short"), HADOOP);
    assertThat(cached).hasSameBinaryContentAs(remote.resolve(spec.file()));
  }

  @Test
  void modelThatChangedSinceTheDriverReadIt_isRefused_andNothingOfItKept() throws IOException {
    Files.write(remote.resolve(spec.file()), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> new ModelFiles().local(spec, cache("changed"), HADOOP))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("test:%s/%s has changed since".formatted(remote, spec.file()))
        .hasMessageContaining("3 bytes with SHA-256 039058c6f2c0cb49");
    try (Stream<Path> files = Files.list(cached("changed").getParent())) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("lock");
    }
  }

  @Test
  void storeThatBreaksOff_isReported_andLeavesNothing() throws IOException {
    TestFileSystem.OPENINGS.put(
        spec.file(),
        () -> {
          throw new IOException("the line is dead");
        });
    assertThatThrownBy(() -> new ModelFiles().local(spec, cache("broken"), HADOOP))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("the model at test:%s cannot be fetched to ".formatted(remote))
        .hasMessageEndingWith(": the line is dead");
    assertThat(cached("broken")).doesNotExist();
  }

  @Test
  void localModelThatIsAnotherHere_isRefused() throws IOException {
    Path local = Files.createDirectories(folder.resolve("local"));
    for (String file : List.of(spec.file(), "serving.properties")) {
      Files.copy(remote.resolve(file), local.resolve(file));
    }
    Settings settings = Tandem.settings("model.path=\"" + local + "\"");
    ModelSpec drivers = Tandem.spec(settings, HADOOP);
    Files.write(local.resolve(spec.file()), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> new ModelFiles().local(drivers, cache("none"), HADOOP))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("the model's file %s".formatted(local.resolve(spec.file())))
        .hasMessageEndingWith("differs from the driver's");
  }

  @Test
  void externalData_isFetchedWithTheModel_andVerified() throws IOException {
    ModelSpec onnx = spec("external-data");
    Path local = new ModelFiles().local(onnx, cache("onnx"), HADOOP);
    Path data = local.resolve("model.onnx.data");
    assertThat(data)
        .hasSameBinaryContentAs(Paths.ONNX_CASES.resolve("external-data/model.onnx.data"));
    Files.write(data, new byte[(int) Files.size(data)]);
    new ModelFiles().local(onnx, cache("onnx"), HADOOP);
    assertThat(data)
        .hasSameBinaryContentAs(Paths.ONNX_CASES.resolve("external-data/model.onnx.data"));
  }

  @Test
  void fileOfAFolderBeside_isFetchedWithItsExternalData_ofThatFolder() throws IOException {
    Path beside = Files.createDirectories(folder.resolve("store/weights"));
    for (String name : List.of("model.onnx", "model.onnx.data")) {
      Files.copy(Paths.ONNX_CASES.resolve("external-data").resolve(name), beside.resolve(name));
    }
    Path model = Files.createDirectories(folder.resolve("store/description"));
    String properties =
        Files.readString(Paths.ONNX_CASES.resolve("external-data/serving.properties"));
    Files.writeString(
        model.resolve("serving.properties"),
        properties + "\nexport.fp32.file=../weights/model.onnx\n");
    ModelSpec onnx =
        Tandem.spec(Tandem.settings("model.path=\"" + TestFileSystem.url(model) + "\""), HADOOP);
    Path local = new ModelFiles().local(onnx, cache("beside"), HADOOP);
    Path fetched = folder.resolve("beside/models").resolve(onnx.fingerprint()).resolve("weights");
    assertThat(onnx.file(local)).isEqualTo(fetched.resolve("model.onnx"));
    assertThat(onnx.file(local)).hasSameBinaryContentAs(beside.resolve("model.onnx"));
    assertThat(fetched.resolve("model.onnx.data"))
        .hasSameBinaryContentAs(beside.resolve("model.onnx.data"));
    ModelSpec inPlace = Tandem.spec(Tandem.settings("model.path=\"" + model + "\""), HADOOP);
    assertThat(inPlace.fingerprint()).isEqualTo(onnx.fingerprint());
    assertThat(inPlace.file(new ModelFiles().local(inPlace, cache("none"), HADOOP)))
        .isEqualTo(beside.resolve("model.onnx"));
  }

  private static ModelSpec spec(String onnxCase) {
    String url = TestFileSystem.url(Paths.ONNX_CASES.resolve(onnxCase).toAbsolutePath());
    return Tandem.spec(Tandem.settings("model.path=\"" + url + "\""), HADOOP);
  }

  private Settings.Engine cache(String name) {
    return new Settings.Engine(
        folder.resolve(name).toString(), null, null, null, false, true, false);
  }

  private Path cached(String cache) throws IOException {
    Path models = folder.resolve(cache).resolve("models").resolve(spec.fingerprint());
    return Files.createDirectories(models).resolve(spec.file());
  }
}
