package dev.casemate.agent.processor;

import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;

/// Where in the source something is wrong: as narrow as it is known.
record Place(
        Element element, Optional<AnnotationMirror> annotation, Optional<AnnotationValue> value) {

    static Place of(Element element) {
        return new Place(element, Optional.empty(), Optional.empty());
    }

    static Place of(Element element, AnnotationMirror annotation) {
        return new Place(element, Optional.of(annotation), Optional.empty());
    }

    /// The value of one member of the annotation, or the annotation if the member is not written.
    static Place of(Element element, AnnotationMirror annotation, String member) {
        return new Place(element, Optional.of(annotation), Mirrors.written(annotation, member));
    }

    Place at(AnnotationValue narrower) {
        return new Place(element, annotation, Optional.of(narrower));
    }
}
