package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a text names as a path. */
final class GivenPathTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "09:15/a.jpg|-|./09:15/a.jpg",
        "trip:2/a.jpg|-|./trip:2/a.jpg",
        "/data/09:15|-|/data/09:15",
        "file:/data/09:15|file|/data/09:15",
        "s3a://bucket/a:b|s3a|/a:b",
        "[a] {b,c} 100%25?|-|[a] {b,c} 100%25?",
      })
  void colonWithoutASlash_isPartOfAName(String text, String scheme, String path) {
    assertThat(GivenPath.of(text).toUri().getScheme()).isEqualTo(scheme);
    assertThat(GivenPath.of(text).toUri().getPath()).isEqualTo(path);
  }

  @Test
  void lineEnds_hideNoScheme() {
    assertThat(GivenPath.isWeb("http://localhost/a\nb\u0085")).isTrue();
    assertThat(GivenPath.of("s3a://bucket/a\nb").toUri().getScheme()).isEqualTo("s3a");
  }
}
