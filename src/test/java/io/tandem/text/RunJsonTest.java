package io.tandem.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class RunJsonTest {
  @Test
  void text_hasNoSecrets_unlessItIsAnIdentity() {
    String path = "s3a://KEY:SECRET@bucket/a?sig=1\n\"b\".jpg";
    assertThat(RunJson.line(Map.of("path", path)))
        .isEqualTo("{\"path\":\"s3a://(redacted)@bucket/a?sig=(redacted)\\n\\\"b\\\".jpg\"}");
    assertThat(RunJson.string(path))
        .isEqualTo("\"s3a://KEY:SECRET@bucket/a?sig=1\\n\\\"b\\\".jpg\"");
  }
}
