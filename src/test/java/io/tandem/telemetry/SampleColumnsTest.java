package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class SampleColumnsTest {
  @Test
  void files_haveTheDocumentedColumns() {
    assertThat(SampleColumns.PARQUET)
        .isEqualTo(
            MessageTypeParser.parseMessageType(
                """
                message sample {
                  required binary executor (STRING);
                  required binary host (STRING);
                  required int64 at_us;
                  optional int64 clock_offset_us;
                  optional int64 clock_bound_us;
                  required group core_load (LIST) { repeated group list { required float element; } }
                  required group core_mhz (LIST) { repeated group list { required float element; } }
                  required group core_celsius (LIST) {
                    repeated group list { required float element; }
                  }
                  optional float cpu_celsius;
                  required float process_cores;
                  optional int64 rss_bytes;
                  required int64 gc_us;
                  optional int32 runnable;
                  required int64 sampler_us;
                  required group gpus (LIST) {
                    repeated group list {
                      required group element {
                        required int32 index;
                        required binary uuid (STRING);
                        optional float utilization;
                        optional int64 memory_bytes;
                        optional float watts;
                        optional float sm_mhz;
                        optional float celsius;
                        optional binary throttle (STRING);
                      }
                    }
                  }
                }
                """));
  }

  @Test
  void spark_readsTheSameColumns() {
    assertThat(StructType.fromDDL(SampleColumns.DDL).fieldNames())
        .containsExactly(
            SampleColumns.PARQUET.getFields().stream()
                .map(org.apache.parquet.schema.Type::getName)
                .toArray(String[]::new));
  }
}
