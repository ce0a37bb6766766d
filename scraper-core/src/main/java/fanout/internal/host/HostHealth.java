package fanout.internal.host;

import fanout.outcome.Failure;

/** What a request says about its host's health. */
public enum HostHealth {
    /** The host works. */
    SUCCESS,
    /** It does not: timeout, dns, connection, tls, 5xx. */
    FAILURE,
    /** Nothing either way: cancelled, or refused by our own rules. */
    NO_OPINION;

    static HostHealth ofStatus(int status) {
        return status >= 500 ? FAILURE : SUCCESS;
    }

    /** The verdict of an attempt without a complete response. */
    public static HostHealth of(Failure failure) {
        return switch (failure) {
            case Failure.TimedOut _,Failure.Dns _,Failure.Connection _,Failure.Tls _ -> FAILURE;
            case Failure.HttpStatus http -> ofStatus(http.status());
            case Failure.RobotsUnreachable robots -> of(robots.cause());
            case Failure.Protocol _,Failure.BodyTooLarge _,Failure.TooManyRedirects _,Failure.BadRedirect _,Failure.Parse _,Failure.SessionRefused _ ->
                    SUCCESS;
            case Failure.StaleConnection _,Failure.PrivateAddress _ -> NO_OPINION;
        };
    }
}
