package fanout.internal.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/**
 * What a form sends: the entry list of the HTML Standard (section 4.10.22.4), with the fields of a job on top. Text
 * areas with {@code wrap=hard} are sent as they are, because the width of their lines depends on the browser. No user
 * has chosen a file, and images are pressed at their upper left corner. Confined to one thread.
 */
@SuppressWarnings("ReferenceEquality") // an element is that element
final class FormDataSet {

    private static final Set<String> BUTTONS = Set.of("submit", "image", "reset", "button");
    /** Types of inputs whose text has a direction. */
    private static final Set<String> NO_DIRECTION = Set.of("checkbox", "radio", "file", "image", "number", "range",
            "color", "date", "month", "week", "time", "datetime-local");

    /**
     * A name and its value.
     *
     * @param isFile whether it is a file control without a file
     * @param isHidden whether it is of a hidden field, which the job does not fill
     */
    record Entry(String name, String value, boolean isFile, boolean isHidden) {}

    private final Map<String, List<String>> fields;
    private final Set<String> filled = new HashSet<>();
    private final List<Entry> entries = new ArrayList<>();

    private FormDataSet(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /**
     * Returns what is sent.
     *
     * @param submitter the button that is pressed
     * @param charset the name of the encoding
     * @param fields the job's
     */
    static List<Entry> of(FormControls controls, Optional<Element> submitter, String charset,
            Map<String, List<String>> fields) {
        FormDataSet set = new FormDataSet(fields);
        Map<String, Element> chosen = chosenRadios(controls);
        for (Element control : controls.all()) {
            String name = control.attr("name");
            if (fields.containsKey(name)) {
                set.fill(name);
            }
            boolean isPressed = submitter.isPresent() && submitter.get() == control;
            if (isSuccessful(control, isPressed, chosen)) {
                set.add(control, name, charset);
            }
        }
        fields.keySet().forEach(set::fill);
        return List.copyOf(set.entries);
    }

    /** Of several radio buttons of one name that are checked, the last one is. */
    private static Map<String, Element> chosenRadios(FormControls controls) {
        Map<String, Element> chosen = new HashMap<>();
        controls.all()
                .stream()
                .filter(control -> isInput(control, "radio") && control.hasAttr("checked"))
                .forEach(control -> chosen.put(control.attr("name"), control));
        return chosen;
    }

    private static boolean isSuccessful(Element control, boolean isPressed, Map<String, Element> chosenRadios) {
        boolean isButton = control.normalName().equals("button")
                || (control.normalName().equals("input") && BUTTONS.contains(InputValue.type(control)));
        boolean isLeftOut = (isButton && !isPressed)
                || (isInput(control, "checkbox") && !control.hasAttr("checked"))
                || (isInput(control, "radio") && chosenRadios.get(control.attr("name")) != control);
        return !isLeftOut && !FormControls.isDisabled(control)
                && FormControls.closest(control, "datalist").isEmpty();
    }

    private static boolean isInput(Element control, String type) {
        return control.normalName().equals("input") && InputValue.type(control).equals(type);
    }

    private void add(Element control, String name, String charset) {
        if (isInput(control, "image")) {
            String prefix = name.isEmpty() ? "" : name + ".";
            add(prefix + "x", "0", false, false);
            add(prefix + "y", "0", false, false);
            return;
        }
        if (name.isEmpty()) {
            return;
        }
        boolean isHidden = isInput(control, "hidden");
        switch (control.normalName()) {
            case "select" -> selected(control).forEach(option -> add(name, value(option), false, false));
            case "textarea" -> add(name, control.wholeText(), false, false);
            case "button" -> add(name, control.attr("value"), false, false);
            default -> input(control, name, charset, isHidden);
        }
        if (!control.attr("dirname").isEmpty() && hasDirection(control)) {
            add(control.attr("dirname"), isRightToLeft(control) ? "rtl" : "ltr", false, isHidden);
        }
    }

    private void input(Element input, String name, String charset, boolean isHidden) {
        switch (InputValue.type(input)) {
            case "checkbox", "radio" -> add(name, input.hasAttr("value") ? input.attr("value") : "on", false, false);
            case "file" -> add(name, "", true, false);
            case "hidden" ->
                    add(name, name.equalsIgnoreCase("_charset_") ? charset : InputValue.of(input), false, true);
            default -> add(name, InputValue.of(input), false, isHidden);
        }
    }

    private void add(String name, String value, boolean isFile, boolean isHidden) {
        if (fields.containsKey(name)) {
            fill(name);
        } else {
            entries.add(new Entry(name, value, isFile, isHidden));
        }
    }

    /** Adds the job's values of a field, once. */
    private void fill(String name) {
        if (filled.add(name)) {
            fields.getOrDefault(name, List.of()).forEach(value -> entries.add(new Entry(name, value, false, false)));
        }
    }

    // --- options ---

    /** The options that are selected and not disabled. One that is selected by itself hides those before it. */
    private static List<Element> selected(Element select) {
        List<Element> options = new ArrayList<>();
        for (Iterator<Element> inside = select.stream().iterator(); inside.hasNext();) {
            Element element = inside.next();
            if (element.normalName().equals("option")) {
                options.add(element);
            }
        }
        List<Element> selected = options.stream().filter(option -> option.hasAttr("selected")).toList();
        if (select.hasAttr("multiple")) {
            return selected.stream().filter(option -> !isDisabledOption(option)).toList();
        }
        if (!selected.isEmpty()) {
            return selected.stream().skip(selected.size() - 1L).filter(option -> !isDisabledOption(option)).toList();
        }
        return isMenu(select) ? options.stream().filter(option -> !isDisabledOption(option)).limit(1).toList()
                : List.of();
    }

    /** A list of more than one line may have no choice, a menu of one line always has one. */
    private static boolean isMenu(Element select) {
        String size = InputValue.trimmed(select.attr("size"));
        int digits = 0;
        while (digits < size.length() && Character.digit(size.charAt(digits), 10) >= 0 && size.charAt(digits) < 128) {
            digits++;
        }
        String number = size.substring(0, digits).replaceFirst("^0+", "");
        return number.isEmpty() || number.equals("1");
    }

    private static boolean isDisabledOption(Element option) {
        Element group = option.parent();
        return option.hasAttr("disabled")
                || (group != null && group.normalName().equals("optgroup") && group.hasAttr("disabled"));
    }

    private static String value(Element option) {
        if (option.hasAttr("value")) {
            return option.attr("value");
        }
        StringBuilder text = new StringBuilder();
        option.nodeStream(TextNode.class)
                .filter(node -> node.parent() == null || !node.parent().nameIs("script"))
                .forEach(node -> text.append(node.getWholeText()));
        return InputValue.trimmed(text.toString()).replaceAll("[ \t\n\f\r]+", " ");
    }

    // --- directions ---

    private static boolean hasDirection(Element control) {
        return switch (control.normalName()) {
            case "textarea" -> true;
            case "input" -> !NO_DIRECTION.contains(InputValue.type(control));
            default -> false;
        };
    }

    private static boolean isRightToLeft(Element control) {
        for (Element each = control; each != null; each = each.parent()) {
            switch (each.attr("dir").toLowerCase(Locale.ROOT)) {
                case "ltr" -> {
                    return false;
                }
                case "rtl" -> {
                    return true;
                }
                case "auto" -> {
                    return isRightToLeft(each == control ? text(control) : each.wholeText());
                }
                default -> {
                    if (each == control && isInput(control, "tel")) {
                        return false;
                    }
                    if (each.normalName().equals("bdi")) {
                        return isRightToLeft(each.wholeText());
                    }
                }
            }
        }
        return false;
    }

    private static String text(Element control) {
        return control.normalName().equals("textarea") ? control.wholeText() : InputValue.of(control);
    }

    /** Returns whether the first letter that has a direction is written from right to left. */
    private static boolean isRightToLeft(String text) {
        return text.codePoints()
                .mapToObj(Character::getDirectionality)
                .filter(direction -> direction == Character.DIRECTIONALITY_LEFT_TO_RIGHT
                        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC)
                .findFirst()
                .filter(direction -> direction != Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                .isPresent();
    }
}
