package io.tandem.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrintableTest {
  @Test
  void controlCharacters_areEscaped() {
    assertThat(Printable.value("a\u001b[31m\u009b\r\nb\tc\u202e\u2028\u0000\ufeff\ud800"))
        .isEqualTo("a\\u001b[31m\\u009b\\u000d\\u000ab c\\u202e\\u2028\\u0000\\ufeff\\ud800");
    assertThat(Printable.lines("a\u0007\nb\n")).isEqualTo("a\\u0007\nb\n");
    String letters = "täst 猫 😀 × \u200d";
    assertThat(Printable.value(letters)).isSameAs(letters);
  }

  @Test
  void longTexts_loseTheirMiddle() {
    assertThat(Printable.value("a" + "x".repeat(100_000) + "b"))
        .hasSize(200)
        .startsWith("ax")
        .contains("xx...xx")
        .endsWith("xb");
    assertThat(Printable.lines("y\n" + "x".repeat(100_000))).hasSize(2_002).startsWith("y\nxx");
    assertThat(Printable.value("😀".repeat(300))).doesNotMatch(".*\\?.*").hasSizeLessThan(201);
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://AKIA:SECRET@bucket/frames, s3a://(redacted)@bucket/frames",
    "s3a://AKIA:SEC/RET+x@bucket/frames, s3a://(redacted)@bucket/frames",
    "no https://user:pass@host/x and s3a://a:b@c, no https://(redacted)@host/x and s3a://(redacted)@c",
    "https://token@host/x, https://(redacted)@host/x",
    "https://host/a.jpg?X-Amz-Credential=AKIA%2Fx&X-Amz-Signature=0a1b&x=1, https://host/a.jpg?X-Amz-Credential=(redacted)&X-Amz-Signature=(redacted)&x=1",
    "wasbs://c@account/x?sig=abc%3D, wasbs://c@account/x?sig=(redacted)"
  })
  void secretsOfUrls_areRedacted(String text, String shown) {
    assertThat(Printable.line(text)).isEqualTo(shown);
    assertThat(RunJson.line(text)).isEqualTo('"' + shown + '"');
    assertThat(new Csv(List.of("a")).row(text).text()).isEqualTo("a\n" + shown + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abfss://container@account.dfs.core.windows.net/frames",
        "hdfs://host:8020/in/a@2.jpg",
        "s3a://bucket/09:15/a@b.jpg",
        "spark://one:7077,two:7077",
        "key = value",
        "file:/in/a@b.jpg"
      })
  void otherTexts_areAsTheyWere(String text) {
    assertThat(Printable.whole(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1+cmd", "@SUM(A1)", "=cmd|' /C calc'!A0"})
  void formulas_areTextInCsv(String cell) {
    assertThat(new Csv(List.of("a", "b")).row(cell, 1).text()).isEqualTo("a,b\n'" + cell + ",1\n");
  }

  @Test
  void numbersAndDashes_areNoFormulas() {
    assertThat(new Csv(List.of("a", "b", "c")).row(-1.5, -2, "-").text())
        .isEqualTo("a,b,c\n-1.5,-2,-\n");
  }
}
