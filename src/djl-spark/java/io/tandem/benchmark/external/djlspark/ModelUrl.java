package io.tandem.benchmark.external.djlspark;

import io.tandem.conf.Fit;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * Builds the URL of a model's file with the arguments of DJL's image translator. The arguments
 * override the model's {@code serving.properties}.
 */
final class ModelUrl {
  private ModelUrl() {}

  static String of(ModelSpec model, Fit fit) {
    Path file = new Path(model.folder(), model.file());
    String path = java.nio.file.Path.of(file.toUri().getPath()).toUri().toString();
    String query =
        arguments(model, fit).entrySet().stream()
            .map(argument -> argument.getKey() + "=" + argument.getValue())
            .collect(Collectors.joining("&"));
    // DJL treats a comma as the end of a URL.
    return (path + "?" + query).replace(",", "%2C");
  }

  private static Map<String, String> arguments(ModelSpec model, Fit fit) {
    boolean crop = fit == Fit.CROP;
    boolean floats = model.input().equals(InputContract.FLOAT_NCHW);
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("width", Integer.toString(model.width()));
    arguments.put("height", Integer.toString(model.height()));
    arguments.put("flag", "COLOR");
    arguments.put("pad", "false");
    arguments.put("resize", Boolean.toString(!crop));
    arguments.put("resizeShort", Boolean.toString(crop));
    arguments.put("centerCrop", Boolean.toString(crop));
    arguments.put("centerFit", "false");
    arguments.put("toTensor", Boolean.toString(floats));
    arguments.put(
        "normalize",
        floats ? numbers(model.takes().values().mean(), model.takes().values().std()) : "false");
    arguments.put("range", "");
    return arguments;
  }

  private static String numbers(List<Float> mean, List<Float> std) {
    return Stream.concat(mean.stream(), std.stream())
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }
}
