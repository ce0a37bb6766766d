package fanout.app.wrong.inner;

import fanout.app.wrong.SleepingHelper;

/** Closes a circle of types and of packages. */
public record Circle(SleepingHelper helper) {}
