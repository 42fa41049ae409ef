package io.tandem.spark;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, which sets a file's permissions by a call. Without Hadoop's native
 * library the original starts a process, {@code chmod}, for each file and folder that it makes,
 * which takes a lane's core for some 10 ms.
 */
public final class LocalFiles extends LocalFileSystem {
  /** Creates the file system, as Hadoop does by reflection. */
  public LocalFiles() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem {
    private static final boolean POSIX =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (!POSIX || permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      Files.setPosixFilePermissions(pathToFile(path).toPath(), posix(permission.toShort()));
    }

    /**
     * Returns the permissions of the nine lowest bits, owner's first: the order in which the
     * constants are declared.
     */
    private static Set<PosixFilePermission> posix(short mode) {
      PosixFilePermission[] all = PosixFilePermission.values();
      Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
      for (int i = 0; i < all.length; i++) {
        if ((mode >> (all.length - 1 - i) & 1) == 1) {
          set.add(all[i]);
        }
      }
      return set;
    }
  }
}
