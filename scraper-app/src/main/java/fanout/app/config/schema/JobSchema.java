package fanout.app.config.schema;

/** The bundled JSON Schema (draft 2020-12) of a job. */
public final class JobSchema {

    private JobSchema() {}

    /** The schema as it is published. */
    public static String text() {
        return BundledSchema.JOB.text();
    }

    /** What a whole job must look like. */
    static SchemaNode job() {
        return BundledSchema.JOB.shape();
    }
}
