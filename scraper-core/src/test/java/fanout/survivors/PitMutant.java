package fanout.survivors;

/**
 * A mutant of PIT's.
 *
 * @param method with its class, without the package root: {@code url.Host.inUrl}
 * @param code the line that was changed
 * @param change as PIT says it
 * @param status as PIT says it, such as KILLED
 */
record PitMutant(String method, String code, String change, String status) {

    boolean isFound() {
        return switch (status) {
            case "KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR", "NON_VIABLE" -> true;
            case "SURVIVED", "NO_COVERAGE" -> false;
            default -> throw new IllegalArgumentException("not a status that a mutant ends with: " + status);
        };
    }

    boolean isReached() {
        return !status.equals("NO_COVERAGE");
    }

    /** What a reason names it by. The number of the line would change with every line above. */
    Survivor survivor() {
        return new Survivor(method, code, change);
    }

    /** A mutant that no test finds. */
    record Survivor(String method, String code, String change) {

        @Override
        public String toString() {
            return "# " + method + "\n> " + code + "\n- " + change;
        }
    }
}
