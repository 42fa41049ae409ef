package io.tandem.spark;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Hadoop's configuration, wherever a lane opens. */
public interface HadoopConf extends Serializable {
  Configuration get();

  /** Returns a configuration that is broadcast to the executors, once to each. */
  static HadoopConf of(Broadcast<SerializableConfiguration> broadcast) {
    return () -> broadcast.value().value();
  }

  /** Returns a configuration for this JVM, before there is a Spark session. */
  static HadoopConf here(Configuration configuration) {
    return () -> configuration;
  }
}
