package io.tandem.trial;

/**
 * How somebody else's means of doing the same work took part in a benchmark, as {@code
 * environment.json} keeps it, so that a run tells by itself what its row is.
 *
 * @param setting the id of our own trial that is most like it
 * @param title what it is called in a sentence
 * @param remark what must stand beside its row, in a few words
 * @param note the same in sentences: what its time contains, and where its work differs from ours
 */
public record ContenderEntry(String setting, String title, String remark, String note) {}
