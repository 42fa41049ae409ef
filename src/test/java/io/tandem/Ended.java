package io.tandem;

/** The exit code of a process that has ended, and what it printed on both streams. */
public record Ended(int exitCode, String out, String err) {}
