package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests as spreadsheets, editors, pandas and pyarrow write them. */
final class ManifestDialectTest extends ManifestFixture {
  /** Each lists a.jpg and b.jpg, and in two columns {@code x, y} and {@code 1, 2}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "path,camera,n~a.jpg,x y,1~b.jpg,z,2~",
        "path;camera;n~a.jpg;x y;1~b.jpg;z;2~",
        "path\tcamera\tn~a.jpg\tx y\t1~b.jpg\tz\t2~",
        "Path,camera,n~a.jpg,x y,1~b.jpg,z,2~",
        "~ ~path,camera,n~~a.jpg,x y,1~~b.jpg,z,2",
        " path , camera, n~ a.jpg,x y , 1~b.jpg ,\"z\", 2~",
        "\uFEFF\"path\",\"camera\",\"n\"\r~\"a.jpg\",\"x y\",\"1\"\r~\"b.jpg\",\"z\",\"2\"\r~",
      })
  void separatorSpacesAndCase_areNoMatter(String text) throws IOException {
    write("in/m.csv", text.replace('~', '\n'));
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(types(set)).isEqualTo("camera STRING,n STRING");
    assertThat(columns(set, 0)).containsExactly("x y", "1");
    assertThat(columns(set, 1)).containsExactly("z", "2");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "\"says \"\"no\"\", twice\"|says \"no\", twice",
        "\"says \\\"no\\\", twice\"|says \"no\", twice",
        "\"two~lines\"|two~lines",
        "\"two~lines, \\\"no\\\"\"|two~lines, \"no\"",
        "\" kept \"|' kept '",
        "5\" pipe|5\" pipe",
        "\"C:\\in\\\"|C:\\in\\",
        "\"never closed|never closed",
      })
  void cell_isReadAsItIsMeant(String cell, String value) throws IOException {
    write("in/m.csv", "path,note~a.jpg,%s~b.jpg,x~".formatted(cell).replace('~', '\n'));
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(columns(set, 0)).containsExactly(value.replace('~', '\n'));
    assertThat(columns(set, 1)).containsExactly("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path,camera,camera|camera1 STRING,camera2 STRING",
        "path,camera,Camera|camera1 STRING,Camera2 STRING",
        "path,,n|_c1 STRING,n STRING",
        "path,\"a,b\",x;y.z|a,b STRING,x;y.z STRING",
        "path,error,label|error STRING,label STRING",
      })
  void header_thatIsOddButClear_isRead(String header, String others) throws IOException {
    write("in/m.csv", header + "\na.jpg,1,2\nb.jpg,3,4\n");
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(types(set)).isEqualTo(others);
    assertThat(columns(set, 1)).containsExactly("3", "4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "nanoseconds.parquet|camera STRING,taken BIGINT,n DOUBLE",
        "zone.parquet|camera STRING,taken BIGINT,n DOUBLE",
        "index.parquet|n DOUBLE,camera STRING",
        "modified.parquet|camera STRING,n DOUBLE,modified_at BIGINT",
        "large.parquet|n DECIMAL(20,0)",
        "rows.json|camera STRING,n DOUBLE",
        "index.csv|_c0 STRING,camera STRING,n STRING",
        "binary.parquet|-",
      })
  void manifestOfPandas_isRead(String name, String others) throws IOException {
    copy(name);
    FrameSet set = frames("in/" + name);
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(set.columns() == null ? null : types(set)).isEqualTo(others);
    if (name.startsWith("modified")) {
      assertThat(set.frames())
          .extracting(Frame::modifiedAtMillis)
          .containsExactly(1791018900123L, 1791018904000L);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "columns.json|is written by columns; write it by rows, with pandas by to_json(",
        // Spark 3.5 does not know the type, and 4 names it.
        "float16.parquet|cannot be read: Spark does not ",
        "case.parquet|cannot be read: the names of two columns differ at most by case: path; rename one",
      })
  void manifestOfPandas_thatSparkCannotRead_isRefusedInASentence(String name, String sentence)
      throws IOException {
    copy(name);
    refused("in/" + name, "the manifest %s %s".formatted(folder.resolve("in/" + name), sentence));
  }

  @Test
  void percentEncodedNames_areThoseOfFiles_unlessFilesAreNamedSo() throws IOException {
    write("in/c d.jpg", "x");
    write("in/100%25.jpg", "x");
    write(
        "in/m.csv",
        "path\nfile://%1$s/in/c%%20d.jpg\nfile:%1$s/in/100%%25.jpg\ngone%%20.jpg\n"
            .formatted(folder));
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/c d.jpg", "in/100%25.jpg", "in/gone%20.jpg");
    assertThat(set.frames()).extracting(Frame::isUnreadable).containsExactly(false, false, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[2026] trip {a,b}/list*?.csv", "09:15/list.csv"})
  void manifestAndItsFolder_mayHaveAnyName(String name) throws IOException {
    write(name, "path\na.jpg\n");
    Path frame = folder.resolve(name).resolveSibling("a.jpg");
    Files.writeString(frame, "x");
    assertThat(names(frames(name))).containsExactly(folder.relativize(frame).toString());
  }

  private void copy(String name) throws IOException {
    Files.copy(Paths.MANIFESTS.resolve(name), folder.resolve("in").resolve(name));
  }
}
