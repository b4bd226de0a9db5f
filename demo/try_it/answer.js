// What is read of a frame in passing is said without Gradio.
window.sayAnswer = (value) => {
  props.value = value;
};
