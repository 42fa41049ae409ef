package io.tandem;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README, the pages and the guide for contributors: what they name exists. */
final class DocumentsTest {
  private static final Path PAGES = Path.of("src/site/markdown");
  private static final Path CONTRIBUTING = Path.of(".github/CONTRIBUTING.md");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

  @Test
  void readme_isShort() throws IOException {
    assertThat(Files.size(Path.of("README.md"))).isLessThanOrEqualTo(10_000);
  }

  @Test
  void links_leadToFilesAndHeadings() throws IOException {
    for (Path page : pages()) {
      for (String link : links(page)) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        assertThat(target).as("%s in %s", link, page).exists();
        if (parts.length > 1) {
          assertThat(anchors(target)).as("%s in %s", link, page).contains(parts[1]);
        }
      }
    }
  }

  @Test
  void pages_areAllLinkedByTheReadme() throws IOException {
    List<String> links = links(Path.of("README.md"));
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(pages).allMatch(page -> links.contains(page.toString()));
    }
  }

  @Test
  void keysOfTheTables_areThoseOfReferenceConf() throws IOException {
    Config reference =
        ConfigFactory.parseFile(Path.of("src/main/resources/reference.conf").toFile());
    List<String> unknown = new ArrayList<>();
    for (Path page : List.of(Path.of("README.md"), PAGES.resolve("configuration.md"))) {
      for (String line : Files.readString(page).split("### |## ", -1)) {
        if (line.startsWith("Keys") || line.startsWith("The ten most used keys")) {
          keys(line).filter(key -> !reference.hasPathOrNull("tandem." + key)).forEach(unknown::add);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  /** The keys in the first cells of a table's rows; ".other" is a sibling of the one before it. */
  private static Stream<String> keys(String section) {
    List<String> keys = new ArrayList<>();
    for (String row : section.lines().filter(line -> line.startsWith("| `")).toList()) {
      for (MatchResult code : CODE.matcher(row.split("\\|", 3)[1]).results().toList()) {
        String key = code.group(1).replace(".*", "");
        String before = keys.isEmpty() ? "" : keys.get(keys.size() - 1);
        keys.add(key.startsWith(".") ? before.replaceFirst("\\.[^.]*$", "") + key : key);
      }
    }
    assertThat(keys).hasSizeGreaterThanOrEqualTo(10);
    return keys.stream();
  }

  @Test
  void contributing_namesFilesThatExist() throws IOException {
    List<String> named =
        CODE.matcher(Files.readString(CONTRIBUTING))
            .results()
            .map(code -> code.group(1))
            .filter(
                code -> code.matches("[\\w./-]*\\.(java|js|html|css|conf|md|sh|xml|py|ipynb|zpln)"))
            .distinct()
            .toList();
    assertThat(named).hasSizeGreaterThan(40).allMatch(DocumentsTest::isInTheTree);
  }

  @Test
  void contributing_listsEachPackage() throws IOException {
    List<String> rows =
        Files.readString(CONTRIBUTING)
            .lines()
            .filter(line -> line.matches("\\| `[a-z]+` \\|.*"))
            .map(line -> line.split("`", -1)[1])
            .toList();
    try (Stream<Path> files = Files.list(Path.of("src/main/java/io/tandem"))) {
      List<String> packages =
          files.filter(Files::isDirectory).map(file -> file.getFileName().toString()).toList();
      assertThat(rows).containsExactlyInAnyOrderElementsOf(packages);
    }
  }

  private static boolean isInTheTree(String file) {
    return Stream.of("", "src/main/java/io/tandem/", "src/test/java/io/tandem/")
        .anyMatch(root -> Files.exists(Path.of(root + file)));
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("data/README.md")));
    for (Path folder : List.of(PAGES, CONTRIBUTING.resolveSibling(""))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static List<String> links(Path page) throws IOException {
    return LINK.matcher(FENCE.matcher(Files.readString(page)).replaceAll(""))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.contains("://"))
        .toList();
  }

  /** The anchors that GitHub makes of a page's headings. */
  private static List<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(FENCE.matcher(Files.readString(page)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\w -]", "").replace(' ', '-'))
        .toList();
  }
}
