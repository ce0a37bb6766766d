package fanout.journal;

import fanout.outcome.Change;
import fanout.page.ContentDigest;
import fanout.url.Fingerprint;
import fanout.url.Host;
import java.util.Optional;

/** Gets the records of a journal, in their order. A call does nothing unless its reader wants the record. */
interface Records {

    default void head(Head head) throws DamageException {}

    default void run() throws DamageException {}

    default void admitted(AdmittedUrl url) throws DamageException {}

    default void settled(Fingerprint print, Result result) throws DamageException {}

    default void okPages(Host host, Optional<String> label, long pages) throws DamageException {}

    default void firstPage(ContentDigest digest, UrlBytes url) throws DamageException {}

    default void changed(Change change) throws DamageException {}

    default void known(Fingerprint print) throws DamageException {}

    default void sums(Sums sums) throws DamageException {}

    default void commit(Commit commit) throws DamageException {}

    /** A group has ended there. */
    default void end(long at) {}
}
