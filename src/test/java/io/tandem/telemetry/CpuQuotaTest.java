package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads files in the formats of the kernel's control groups, versions 1 and 2. */
final class CpuQuotaTest {
  @TempDir Path root;

  @BeforeEach
  void noFiles() {
    assertThat(CpuQuota.of(root).counts().throttledSince(CpuQuota.of(root).counts())).isNull();
  }

  @Test
  void version2_countsTheGroup_andThoseAbove() throws IOException {
    write("proc/self/cgroup", "0::/kubepods/pod1\n");
    write("sys/fs/cgroup/cpu.stat", "usage_usec 1\nuser_usec 1\nsystem_usec 0\n");
    version2("kubepods/", 100, 40);
    version2("kubepods/pod1/", 100, 0);
    CpuQuota quota = CpuQuota.of(root);
    CpuQuota.Counts before = quota.counts();
    version2("kubepods/", 120, 45);
    assertThat(since(quota, before)).isEqualTo(0.25, within(1e-9));
    version2("kubepods/pod1/", 120, 15);
    assertThat(since(quota, before)).isEqualTo(0.75, within(1e-9));
  }

  @Test
  void version1_inAContainer_whoseMountIsTheGroup() throws IOException {
    write("proc/self/cgroup", "5:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n0::/docker/x\n");
    write("sys/fs/cgroup/cpu,cpuacct/cpu.stat", version1(10, 0));
    CpuQuota quota = CpuQuota.of(root);
    CpuQuota.Counts before = quota.counts();
    assertThat(since(quota, before)).isZero();
    write("sys/fs/cgroup/cpu,cpuacct/cpu.stat", version1(20, 10));
    assertThat(since(quota, before)).isEqualTo(1);
    Files.delete(root.resolve("sys/fs/cgroup/cpu,cpuacct/cpu.stat"));
    assertThat(since(quota, before)).isNull();
  }

  @Test
  void version2_grantsTheCoresOfTheSmallestQuota() throws IOException {
    write("proc/self/cgroup", "0::/kubepods/pod1\n");
    version2("kubepods/", 100, 40);
    version2("kubepods/pod1/", 100, 0);
    write("sys/fs/cgroup/kubepods/cpu.max", "max 100000\n");
    assertThat(CpuQuota.of(root).cores()).isNull();
    write("sys/fs/cgroup/kubepods/cpu.max", "400000 100000\n");
    write("sys/fs/cgroup/kubepods/pod1/cpu.max", "75000 50000\n");
    assertThat(CpuQuota.of(root).cores()).isEqualTo(1.5);
    write("sys/fs/cgroup/kubepods/pod1/cpu.max", "nonsense\n");
    assertThat(CpuQuota.of(root).cores()).isEqualTo(4);
  }

  @Test
  void version1_grantsTheCoresOfItsQuota() throws IOException {
    write("proc/self/cgroup", "3:cpu:/docker/x\n");
    write("sys/fs/cgroup/cpu/docker/x/cpu.stat", version1(10, 0));
    write("sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us", "100000\n");
    write("sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us", "-1\n");
    assertThat(CpuQuota.of(root).cores()).isNull();
    write("sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us", "150000\n");
    assertThat(CpuQuota.of(root).cores()).isEqualTo(1.5);
  }

  private static @Nullable Double since(CpuQuota quota, CpuQuota.Counts before) {
    return quota.counts().throttledSince(before);
  }

  private static String version1(int periods, int throttled) {
    return "nr_periods %d\nnr_throttled %d\nthrottled_time 99\n".formatted(periods, throttled);
  }

  private void version2(String group, int periods, int throttled) throws IOException {
    write(
        "sys/fs/cgroup/" + group + "cpu.stat",
        "usage_usec 9\nnr_periods %d\nnr_throttled %d\nthrottled_usec 9\nnr_bursts 0\n"
            .formatted(periods, throttled));
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
