/** What the build makes of the records: JSON Schemas, the AsyncAPI document, the events page – and what guards them. */
@NullMarked
package dev.interlock.contracts.documents;

import org.jspecify.annotations.NullMarked;
