package fanout.internal.parse;

import fanout.internal.limit.ParseTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/**
 * The controls that a form owns, in the order of the document (HTML Standard, section 4.10.17.3). A control is owned by
 * the form that its form attribute names; without one, by the form that was open where it stands in the markup, which
 * need not be around it in the tree; otherwise by the form around it. Confined to one thread.
 *
 * @param all input, button, select and textarea elements
 */
@SuppressWarnings("ReferenceEquality") // an element is that element
record FormControls(List<Element> all) {

    /** More take long: jsoup compares each with each. */
    static final int MOST = 10_000;

    private static final Set<String> SUBMITTED = Set.of("input", "button", "select", "textarea");
    /** What else a form owns: jsoup counts them, too. */
    private static final Set<String> OWNED = Set.of("fieldset", "object", "output", "keygen");

    /**
     * Finds the controls of a form; empty if the page has more than {@link #MOST}.
     *
     * @throws java.io.UncheckedIOException if the thread is interrupted or the deadline has passed
     */
    static Optional<FormControls> of(Element form, Element page) {
        ParseTime time = ParseTime.current();
        List<Element> candidates = new ArrayList<>();
        List<Element> inner = new ArrayList<>();
        int count = 0;
        for (Iterator<Element> every = page.stream().iterator(); every.hasNext();) {
            Element element = every.next();
            time.spend(1);
            String name = element.normalName();
            if (SUBMITTED.contains(name)) {
                candidates.add(element);
                count++;
            } else if (OWNED.contains(name)) {
                count++;
            } else if (element instanceof FormElement && element != form && isWithin(element, form)) {
                inner.add(element);
            }
        }
        if (count > MOST) {
            return Optional.empty();
        }
        Set<Element> linked = linkedFromOutside(form);
        Set<Element> foreign = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Element other : inner) {
            foreign.addAll(linkedFromOutside(other));
            time.spend(MOST);
        }
        boolean isNamed = !form.id().isEmpty() && page.getElementById(form.id()) == form;
        Optional<Element> template = closest(form, "template");
        List<Element> owned = new ArrayList<>();
        for (Element control : candidates) {
            time.spend(1);
            boolean isOwned = control.hasAttr("form") ? isNamed && control.attr("form").equals(form.id())
                    : linked.contains(control)
                            || (!foreign.contains(control) && closest(control, "form").equals(Optional.of(form)));
            if (isOwned && closest(control, "template").equals(template)) {
                owned.add(control);
            }
        }
        return Optional.of(new FormControls(List.copyOf(owned)));
    }

    /** Controls that the parser has given to a form, though they are not in it, as in tables. */
    private static Set<Element> linkedFromOutside(Element form) {
        Set<Element> linked = Collections.newSetFromMap(new IdentityHashMap<>());
        if (form instanceof FormElement parsed) {
            parsed.elements().stream().filter(control -> !isWithin(control, form)).forEach(linked::add);
        }
        return linked;
    }

    private static boolean isWithin(Element element, Element outer) {
        for (Element each = element.parent(); each != null; each = each.parent()) {
            if (each == outer) {
                return true;
            }
        }
        return false;
    }

    /** Returns the nearest element of this name around another. */
    static Optional<Element> closest(Element element, String name) {
        for (Element each = element.parent(); each != null; each = each.parent()) {
            if (each.normalName().equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Returns the first submit button that is not disabled. */
    Optional<Element> defaultButton() {
        return all.stream().filter(FormControls::isSubmitButton).filter(button -> !isDisabled(button)).findFirst();
    }

    boolean has(Element control) {
        return all.stream().anyMatch(each -> each == control);
    }

    /** Returns whether a form with these controls may send something by a name. */
    boolean have(String name) {
        return all.stream()
                .anyMatch(control -> control.attr("name").equals(name)
                        || (isImage(control) && Set.of(dotted(control, "x"), dotted(control, "y")).contains(name))
                        || (!control.attr("dirname").isEmpty() && control.attr("dirname").equals(name)));
    }

    private static boolean isImage(Element control) {
        return control.normalName().equals("input") && InputValue.type(control).equals("image");
    }

    /** Returns the name by which an image sends a coordinate. */
    private static String dotted(Element image, String coordinate) {
        return (image.attr("name").isEmpty() ? "" : image.attr("name") + ".") + coordinate;
    }

    /** A button that runs a command submits nothing, unless its type says so. */
    static boolean isSubmitButton(Element control) {
        String type = InputValue.type(control);
        return switch (control.normalName()) {
            case "input" -> type.equals("submit") || type.equals("image");
            case "button" -> type.equals("submit") || !(type.equals("reset") || type.equals("button")
                    || control.hasAttr("command") || control.hasAttr("commandfor"));
            default -> false;
        };
    }

    /** What stands in the first legend of a fieldset is not disabled with it. */
    static boolean isDisabled(Element control) {
        if (control.hasAttr("disabled")) {
            return true;
        }
        Element inside = control;
        for (Element outer = control.parent(); outer != null; outer = outer.parent()) {
            if (outer.normalName().equals("fieldset") && outer.hasAttr("disabled") && !isFirstLegend(inside, outer)) {
                return true;
            }
            inside = outer;
        }
        return false;
    }

    private static boolean isFirstLegend(Element child, Element fieldset) {
        return child == fieldset.children()
                .stream()
                .filter(each -> each.normalName().equals("legend"))
                .findFirst()
                .orElse(null);
    }
}
