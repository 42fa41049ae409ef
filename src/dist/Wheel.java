import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the wheel of the Python package, which needs nothing but a JDK: a zip file whose RECORD has the SHA-256 of
 * each file. The same bytes whoever builds it, and where: names in order, a given time, nothing compressed. -Pdist
 * calls it, from the root of the checkout: java src/dist/Wheel.java FOLDER VERSION TIME
 */
final class Wheel {
  private static final Path PACKAGE = Path.of("src/main/python/tandem");

  private static final String METADATA =
      """
      Metadata-Version: 2.4
      Name: tandem-spark
      Version: %s
      Summary: Tandem in PySpark: vision models over images and videos as DataFrame columns, with timings and benchmarks
      License-Expression: Apache-2.0
      Classifier: Typing :: Typed
      Classifier: Programming Language :: Python :: 3
      Requires-Python: >=3.9
      Provides-Extra: pyspark
      Requires-Dist: pyspark<5,>=3.5; extra == 'pyspark'
      Provides-Extra: pandas
      Requires-Dist: pandas>=1.5; extra == 'pandas'
      License-File: LICENSE
      License-File: NOTICE
      Description-Content-Type: text/markdown

      Calls Tandem's Java classes in a Spark session that has Tandem's jars. The archive of Tandem has the jars, and
      docs/python.md, which describes the package.
      """;

  private static final String WHEEL =
      """
      Wheel-Version: 1.0
      Generator: Wheel.java
      Root-Is-Purelib: true
      Tag: py3-none-any
      """;

  private Wheel() {}

  public static void main(String[] args) throws IOException {
    Path to = Files.createDirectories(Path.of(args[0]));
    String version = args[1].replace("-SNAPSHOT", ".dev0"); // As PEP 440 has it.
    LocalDateTime time = OffsetDateTime.parse(args[2]).atZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
    try (Stream<Path> former = Files.list(to)) {
      former.filter(file -> file.toString().endsWith(".whl")).forEach(Wheel::delete);
    }
    try (ZipOutputStream zip =
        new ZipOutputStream(
            Files.newOutputStream(to.resolve("tandem_spark-%s-py3-none-any.whl".formatted(version))))) {
      for (Map.Entry<String, byte[]> file : files(version).entrySet()) {
        add(zip, file.getKey(), file.getValue(), time);
      }
    }
  }

  /** Returns the content of each file by its name, with that of RECORD. */
  private static Map<String, byte[]> files(String version) throws IOException {
    String info = "tandem_spark-%s.dist-info/".formatted(version);
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> sources = Files.list(PACKAGE)) {
      for (Path source : (Iterable<Path>) sources::iterator) {
        String name = String.valueOf(source.getFileName());
        if (name.endsWith(".py") || name.equals("py.typed")) {
          files.put("tandem/" + name, Files.readAllBytes(source));
        }
      }
    }
    files.put(info + "METADATA", bytes(METADATA.formatted(version)));
    files.put(info + "WHEEL", bytes(WHEEL));
    for (String name : List.of("LICENSE", "NOTICE")) {
      files.put(info + "licenses/" + name, Files.readAllBytes(Path.of(name)));
    }
    StringBuilder record = new StringBuilder();
    files.forEach((name, content) -> record.append("%s,sha256=%s,%d\n".formatted(name, sha256(content), content.length)));
    record.append(info + "RECORD,,\n");
    files.put(info + "RECORD", bytes(record.toString()));
    return files;
  }

  private static void add(ZipOutputStream zip, String name, byte[] content, LocalDateTime time) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(time);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static String sha256(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
