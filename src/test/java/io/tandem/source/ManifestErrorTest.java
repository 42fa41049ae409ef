package io.tandem.source;

import io.tandem.TestFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests that are refused, each with one sentence. */
final class ManifestErrorTest extends ManifestFixture {
  @Test
  void accessThatIsDenied_isASentence_andNoMissingFrame() throws IOException {
    TestFileSystem.STATUSES.put(
        "b.jpg",
        () -> {
          throw new AccessControlException("Permission denied: user=x");
        });
    String b = TestFileSystem.url(folder.resolve("in/b.jpg"));
    write("in/m.csv", "path\na.jpg\n%s\n".formatted(b));
    refused(
        "in/m.csv",
        "cannot look up whether a frame exists, and its length: %s (Permission denied: user=x); allow the access, or give the manifest a column length"
            .formatted(b));
  }

  @Test
  void deepNesting_isRefused() throws IOException {
    write("in/m.jsonl", "{\"path\":" + "[".repeat(100_000) + "\n");
    refused("in/m.jsonl", "the manifest %s/in/m.jsonl has no well-formed row; ".formatted(folder));
  }

  @Test
  void noFrameThere_isRefused() throws IOException {
    write("in/m.csv", "path\nx.jpg\ny.jpg\n");
    refused(
        "in/m.csv",
        "no frame of the manifest %1$s/in/m.csv exists: file:%1$s/in/x.jpg, file:%1$s/in/y.jpg; relative paths are relative to frames.path, by default the manifest's folder"
            .formatted(folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m.csv|path,n\\na.jpg,1\\nb.jpg|row 2 of the manifest M is malformed: b.jpg; fix it",
        "m.csv|path,n\\na.jpg,1\\nb.jpg,1,2|row 2 of the manifest M is malformed: b.jpg,1,2; fix it",
        "m.jsonl|{\"path\":\"a.jpg\"}\\n{\"path\":|row 2 of the manifest M is malformed: {\"path\":; fix it",
        "m.csv|path,n\\na.jpg,1\\n,2|row 2 of the manifest M has no path; fix it",
        "m.jsonl|{\"path\":\"a.jpg\"}\\n{\"n\":1}|row 2 of the manifest M has no path; fix it",
        "m.csv|file,n\\na.jpg,1|the manifest M has no column path; it has file, n; choose the column",
        "m.jsonl|{\"path\":1}|the manifest M has no text in its column path, but bigint; choose the column",
        "m.csv|path,n\\n|the manifest M has no rows",
        "m.csv|''|the manifest M is empty",
        "m.jsonl|''|the manifest M is empty",
        "m.jsonl|{\"path\":|the manifest M has no well-formed row; each one is an object",
        "m.jsonl|{\"path\":\"a.jpg\",\"_tandem_malformed\":1}|the manifest M has a column _tandem_malformed",
        "m.csv|path,length\\na.jpg,8\\nb.jpg,8.5|row 2 of the manifest M has no number of bytes in its column length: 8.5; fix it",
        "m.csv|path,length\\na.jpg,8\\nb.jpg,-1|row 2 of the manifest M has no number of bytes in its column length: -1; fix it",
        "m.jsonl|{\"path\":\"a.jpg\",\"length\":8.5}|row 1 of the manifest M has no number of bytes in its column length: 8.5; fix it",
        "m.csv|sep=;\\npath;n\\na.jpg;1|the manifest M begins with Excel's line sep=;; delete this line",
        "m.csv|path,Path\\na.jpg,b.jpg|the manifest M has 2 columns of the name path; rename all but one",
        "m.jsonl|{\"path\":\"a.jpg\",\"Path\":\"b\"}|the manifest M cannot be read: the names of two columns differ at most by case: path; rename one",
        "_m.csv|path\\na.jpg|the name of the manifest M begins with _, and Spark ignores such files; rename it",
        "a:b.csv|path\\na.jpg|the name of the manifest M has a colon, and Spark cannot read it; rename it",
        "m.csv|PAR1 and so on|the manifest M is a Parquet file; name it .parquet",
        "m.parquet|text|the manifest M cannot be read: ",
        "m.txt|a.jpg|the manifest M has an unknown format; its files must be named",
      })
  void malformedManifest_isRefusedInASentence(String name, String text, String sentence)
      throws IOException {
    write("in/" + name, text.replace("\\n", "\n"));
    refused("in/" + name, sentence.replace(" M ", " %s ".formatted(folder.resolve("in/" + name))));
  }

  @Test
  void missingManifest_isRefusedInASentence() throws IOException {
    refused(
        "gone.csv",
        "no manifest at %s; there is no such file".formatted(folder.resolve("gone.csv")));
    Files.createDirectories(folder.resolve("none"));
    refused("none", "the manifest %s is a folder without a file".formatted(folder.resolve("none")));
  }
}
