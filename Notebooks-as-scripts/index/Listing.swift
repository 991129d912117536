/// The notebooks in teaching order.
struct Listing {
  /// The command that runs it.
  let name: String
  let title: String
  let summary: String
  /// The picture that stands for it.
  let picture: String

  static let all = [
    Listing(
      name: "tensors", title: "A first hour with tensors",
      summary: "Shapes, broadcasting, views and derivatives of any order.", picture: "derivatives"),
    Listing(
      name: "gradient-check", title: "Is the derivative right?",
      summary: "A wrong derivative, and how differences find it.", picture: "two-derivatives"),
    Listing(
      name: "mnist", title: "A multilayer network on the MNIST digits",
      summary: "The lab: a network learns to read handwritten digits.", picture: "examples"),
    Listing(
      name: "mnist-cnn", title: "A convolutional network on the MNIST digits",
      summary: "Filters, feature maps and the hardest digits.", picture: "filters"),
    Listing(
      name: "spiral", title: "A classifier learns a spiral",
      summary: "A decision boundary, drawn while it bends.", picture: "boundaries"),
    Listing(
      name: "char-gpt", title: "A small GPT writes Swift",
      summary: "A transformer trained on this library's own sources.", picture: "loss"),
    Listing(
      name: "gaussian-process", title: "A Gaussian process",
      summary: "Hyperparameters by gradient through a Cholesky factor.", picture: "posterior"),
    Listing(
      name: "heat-equation", title: "A network that obeys the heat equation",
      summary: "Second derivatives by the input of a network.", picture: "fields"),
    Listing(
      name: "pendulum", title: "Learning the laws of a pendulum",
      summary: "Differentiating through a Runge-Kutta solver.", picture: "unknown-law"),
    Listing(
      name: "vae", title: "A variational autoencoder draws digits",
      summary: "A latent space with two dimensions, and a walk through it.", picture: "map"),
    Listing(
      name: "newton", title: "Newton's method and principal components",
      summary: "Exact Hessians and a singular value decomposition.", picture: "components"),
    Listing(
      name: "sequence", title: "Remembering: an LSTM against a plain recurrent network",
      summary: "A task of memory, and a forecast with an interval.", picture: "forecast"),
  ]
}
