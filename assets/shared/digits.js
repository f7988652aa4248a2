// Spaces between thousands while one types, with the cursor staying after the same digit.
const NBSP = "\u00a0";

export const spaced = (text) => text.replace(/\D/g, "").replace(/\B(?=(\d{3})+$)/g, NBSP);

// What people may type that is not a sum (a minus, a fraction) stays, so that the form can refuse it.
export const tidied = (text) => (/^[\d\s]*$/.test(text) ? spaced(text) : text);

export const typed = (input) => {
  const digitsBefore = input.value.slice(0, input.selectionStart ?? 0).replace(/\D/g, "").length;
  const value = tidied(input.value);
  let position = 0;
  for (let seen = 0; position < value.length && seen < digitsBefore; position += 1) {
    if (/\d/.test(value[position])) seen += 1;
  }
  return { value, position: /^[\d\s]*$/.test(value) ? position : (input.selectionStart ?? value.length) };
};
